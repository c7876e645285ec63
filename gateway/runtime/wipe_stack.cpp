#include "gateway/runtime/wipe_stack.hpp"

#include <sodium.h>

#include <cstddef>

namespace gateway::runtime {
namespace {

constexpr std::size_t kStackBytes = 128 * 1024;  // several times what any way takes

}  // namespace

void wipe_stack() {
    sodium_stackzero(kStackBytes);
}

}  // namespace gateway::runtime
