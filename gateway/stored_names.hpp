#pragma once
#include "gateway/cli/stored_name_finder.hpp"

#include <string>

namespace gateway {

// Computes them with the keys of <state_directory>/keys, of which it makes none; whoever asks must
// be able to read those. Blocks.
cli::StoredNames find_stored_names(
    const settings::Settings& settings, const std::string& dataset, const std::string& device
);

}  // namespace gateway
