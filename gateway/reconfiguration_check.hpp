#pragma once
#include "gateway/model/result.hpp"
#include "gateway/reconfiguration.hpp"

#include <set>
#include <string>
#include <string_view>

namespace gateway {

// Whether a running gateway may try a configuration: it must load as if it lay in `file`, must not
// open more than it is signed for, and must be one from which there is a way back. Blocks.
model::Result<Configuration, rollout::Refusal> check_candidate(
    const Configuration& good, const rollout::ApplyRequest& request, const std::string& file
);

// Whether a buffer made for `one` needs nothing more to keep what `other` keeps: see
// kept_through_trial().
bool has_same_buffer(const settings::Settings& one, const settings::Settings& other);

// The names of the [[source]]s or [[uplink]]s that differ.
std::set<std::string> changed_names(
    const Configuration& running, const Configuration& next, std::string_view section
);

}  // namespace gateway
