#include "gateway/settings/quantity_loader.hpp"

#include "gateway/language/translate.hpp"
#include "gateway/settings/values.hpp"

#include <algorithm>
#include <array>

namespace gateway::settings {
namespace {

using language::tr;

constexpr std::size_t kQuantityNameMax = 64;
constexpr std::size_t kUnitMax = 16;

bool is_quantity_name(const std::string& text) {
    const bool lower = std::all_of(text.begin(), text.end(), [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.' || c == '_';
    });
    return lower && text.size() <= kQuantityNameMax && text.front() >= 'a' && text.back() != '.' &&
           text.find("..") == std::string::npos;
}

std::optional<std::string> read_quantity_name(const Value& value, Loading& loading) {
    auto name = read_text(value, loading);
    if (!name || is_quantity_name(*name)) return name;
    loading.diagnostics.error(
        value.at,
        tr("\"{0}\" is not a name of a quantity", {*name}),
        tr("write lower case words with dots between them, such as \"pump.starts\"")
    );
    return std::nullopt;
}

std::optional<std::string> read_unit(const Value& value, Loading& loading) {
    auto unit = read_text(value, loading);
    if (!unit) return std::nullopt;
    const auto known = model::find_unit(*unit);
    if (known && known->power == 0) return std::string{known->ucum};
    if (unit->size() <= kUnitMax && unit->find(' ') == std::string::npos) return unit;
    loading.diagnostics.error(
        value.at,
        tr("\"{0}\" is not a unit", {*unit}),
        tr("write a UCUM code such as \"m3\", \"Cel\", \"kW.h\", or \"1\" for a count")
    );
    return std::nullopt;
}

constexpr std::array kKeys = {
    Key<model::Quantity>{
        "name", into<&model::Quantity::name, read_quantity_name>, Presence::required},
    Key<model::Quantity>{"unit", into<&model::Quantity::unit, read_unit>, Presence::required},
    Key<model::Quantity>{"min", into<&model::Quantity::min, read_decimal>},
    Key<model::Quantity>{"max", into<&model::Quantity::max, read_decimal>}};

}  // namespace

model::Quantity read_quantity(const Value& value, Loading& loading) {
    auto quantity = read_table<model::Quantity>(value, "[[quantity]]", kKeys, loading)
                        .value_or(model::Quantity{});
    if (quantity.min && quantity.max && model::compare(*quantity.min, *quantity.max) > 0) {
        loading.diagnostics.error(
            value.at,
            tr("'min' is above 'max', so that no value is plausible"),
            tr("exchange the two")
        );
    }
    return quantity;
}

}  // namespace gateway::settings
