#include "gateway/settings/personal_grain.hpp"

#include "gateway/settings/kept_step.hpp"

#include <algorithm>
#include <array>

namespace gateway::settings {
namespace {

constexpr auto kMetered = std::to_array<std::string_view>(
    {"water.volume",
     "water.flow",
     "gas.volume",
     "gas.flow",
     "gas.energy",
     "heat.energy",
     "heat.power",
     "heat.volume",
     "heat.flow",
     "heat.allocation",
     "energy",
     "power"}
);

std::string metered_of(const Format& format) {
    for (const JsonReading& reading : format.json.readings) {
        if (is_metered(reading.quantity)) return reading.quantity;
    }
    for (const auto& [sender_name, quantity] : format.quantities) {
        if (is_metered(quantity)) return quantity;
    }
    return {};
}

}  // namespace

bool is_metered(std::string_view quantity) {
    return std::any_of(kMetered.begin(), kMetered.end(), [quantity](std::string_view name) {
        return quantity == name ||
               (quantity.starts_with(name) && quantity.substr(name.size()).starts_with('.'));
    });
}

bool has_personal_grain(const Dataset& dataset) {
    const auto device = dataset.fields.find("device");
    if (device == dataset.fields.end() || std::holds_alternative<Drop>(device->second))
        return false;
    return kept_step(dataset) < kPersonalGrainMin;
}

std::string metered_quantity(const Settings& settings, const Dataset& dataset) {
    for (const Source& source : settings.sources) {
        if (source.dataset != dataset.name) continue;
        if (auto quantity = metered_of(source.format); !quantity.empty()) return quantity;
    }
    return {};
}

}  // namespace gateway::settings
