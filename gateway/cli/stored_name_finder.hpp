#pragma once
#include "gateway/model/result.hpp"
#include "gateway/settings/settings.hpp"

#include <functional>
#include <string>
#include <vector>

namespace gateway::cli {

// The names that the store has, or had, for a device of a dataset: one for each key of it that is
// there. Computed here, from the keys of the state directory; nobody else learns the name. An error
// is what to tell the operator.
using StoredNames = model::Result<std::vector<std::string>, std::string>;
using StoredNameFinder = std::function<StoredNames(
    const settings::Settings& settings, const std::string& dataset, const std::string& device
)>;

}  // namespace gateway::cli
