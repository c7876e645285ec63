#pragma once

namespace gateway::runtime {

// Overwrites what functions that have returned left on this thread's stack, as far down as the way
// of a message goes.
void wipe_stack();

}  // namespace gateway::runtime
