#pragma once
#include "gateway/settings/settings.hpp"

#include <map>
#include <span>
#include <string>
#include <vector>

namespace gateway::cli {

using Rules = std::map<std::string, settings::Rule>;

// The fields that the datasets have rules for: those that every reading has come first, the
// attributes by name.
std::vector<std::string> fields_of(std::span<const settings::Dataset> datasets);

// The same of one dataset, and the attributes that its sources give it and no rule lets through.
std::vector<std::string> fields_of(
    const settings::Settings& settings, const settings::Dataset& dataset
);

// What happens to a field before it is stored, whether a rule is written for it or not.
settings::Rule stored_rule(const settings::Dataset& dataset, const std::string& field);

// What happens to a stored field on its way to a recipient that has a contract.
settings::Rule sent_rule(const settings::Contract& contract, const std::string& field);

}  // namespace gateway::cli
