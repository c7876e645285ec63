#pragma once
#include "gateway/settings/settings.hpp"

#include <span>
#include <string>
#include <vector>

namespace gateway::cli {

// The fields that the datasets have rules for: those that every reading has come first, the
// attributes by name.
std::vector<std::string> fields_of(std::span<const settings::Dataset> datasets);

// The same of one dataset, and the attributes that its sources give it and no rule lets through.
std::vector<std::string> fields_of(
    const settings::Settings& settings, const settings::Dataset& dataset
);

}  // namespace gateway::cli
