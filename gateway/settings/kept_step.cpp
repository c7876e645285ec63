#include "gateway/settings/kept_step.hpp"

namespace gateway::settings {

seconds kept_step(const Dataset& dataset) {
    const auto time = dataset.fields.find("time");
    if (time == dataset.fields.end()) return {};
    const auto* coarsen = std::get_if<Coarsen>(&time->second);
    return coarsen != nullptr && coarsen->first_only ? coarsen->step : seconds{};
}

}  // namespace gateway::settings
