#include "gateway/decode/lorawan_reception.hpp"

namespace gateway::decode {
namespace {

std::vector<JsonSelector::Slot> select_all(
    JsonSelector& selector, std::initializer_list<std::string_view> pointers
) {
    std::vector<JsonSelector::Slot> slots;
    for (const std::string_view pointer : pointers) {
        slots.push_back(selector.select_in_element(pointer));
    }
    return slots;
}

bool is_stronger(const LorawanReception& left, const LorawanReception& right) {
    if (!left.rssi || !right.rssi) return left.rssi.has_value();
    return model::compare(*left.rssi, *right.rssi) > 0;
}

}  // namespace

LorawanReceptions::LorawanReceptions(JsonSelector& selector, const Names& names)
    : rssi_(select_all(selector, names.rssi)),
      snr_(select_all(selector, names.snr)),
      time_(select_all(selector, names.time)) {
    selector.select_elements(names.array);
}

LorawanReception LorawanReceptions::best(const JsonSelector& message, JsonMembers& members) const {
    LorawanReception best;
    std::optional<model::Instant> any_time;
    for (std::size_t i = 0; i < message.element_count(); ++i) {
        const auto row = message.element(i);
        const LorawanReception reception{
            members.number(first_present(row, rssi_)),
            members.number(first_present(row, snr_)),
            members.time(first_present(row, time_))};
        if (!any_time) any_time = reception.time;
        if (i == 0 || is_stronger(reception, best)) best = reception;
    }
    if (!best.time) best.time = any_time;
    return best;
}

}  // namespace gateway::decode
