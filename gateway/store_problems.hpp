#pragma once
#include "gateway/buffer/notice.hpp"
#include "gateway/observe/problems.hpp"

#include <span>

namespace gateway {

// Raises what the opening of the buffer had to say. It stays until the next start.
void raise_store_problems(std::span<const buffer::Notice> notices, observe::Problems& problems);

}  // namespace gateway
