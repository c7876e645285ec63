#pragma once
#include "gateway/cli/store_inspector.hpp"

#include <memory>

namespace gateway {

// Opens segments with the keys of <state_directory>/keys, of which it makes none; whoever asks must
// be able to read those.
std::unique_ptr<cli::StoreInspector> make_store_inspector();

}  // namespace gateway
