#include "gateway/firmware_problems.hpp"

#include "gateway/language/translate.hpp"

#include <string>

namespace gateway {

using language::tr;

namespace {

std::string stop_code(const std::string& number) {
    return "firmware-stopped:" + number;
}

void watch_stops(
    const firmware::RolloutDesk& desk, observe::Problems& problems, std::set<std::uint32_t>& raised
) {
    const auto stops = desk.stops();
    for (const std::uint32_t number : raised) {
        if (!stops.contains(number)) problems.clear(stop_code(std::to_string(number)));
    }
    raised.clear();
    for (const auto& [number, why] : stops) {
        const std::string name = std::to_string(number);
        const auto text =
            tr("Update {0} of devices stopped: {1} Look at it (passerelle firmware status); then "
               "let it go on (passerelle firmware rollout {0}) or withdraw it (passerelle firmware "
               "abort {0}).",
               {name, why});
        problems.raise(stop_code(name), text, false);
        raised.insert(number);
    }
}

}  // namespace

void watch_firmware(
    const firmware::RolloutDesk& desk, observe::Problems& problems, std::set<std::uint32_t>& raised
) {
    constexpr const char* kStore = "firmware-store";
    const std::string trouble = desk.trouble();
    if (trouble.empty()) {
        problems.clear(kStore);
    } else {
        problems.raise(kStore, trouble, false);
    }
    watch_stops(desk, problems, raised);
}

}  // namespace gateway
