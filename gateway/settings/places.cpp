#include "gateway/settings/places.hpp"

namespace gateway::settings {
namespace {

const Value* step_into(const Table* table, const Array* array, const Step& step) {
    if (const auto* key = std::get_if<std::string_view>(&step))
        return table == nullptr ? nullptr : table->find(*key);
    const std::size_t number = std::get<std::size_t>(step);
    return array == nullptr || number >= array->size() ? nullptr : &(*array)[number];
}

}  // namespace

Position place_of(const Table& document, std::initializer_list<Step> path) {
    Position place;
    const Table* table = &document;
    const Array* array = nullptr;
    for (const Step& step : path) {
        const Value* value = step_into(table, array, step);
        if (value == nullptr) break;
        place = value->at;
        table = std::get_if<Table>(&value->content);
        array = std::get_if<Array>(&value->content);
    }
    return place;
}

}  // namespace gateway::settings
