#pragma once
#include <cstddef>

namespace gateway::runtime {

// Raises the limit of memory that this process may keep out of swap (RLIMIT_MEMLOCK) as far as it
// may. Whether `bytes` can be kept so.
bool may_lock_memory(std::size_t bytes);

}  // namespace gateway::runtime
