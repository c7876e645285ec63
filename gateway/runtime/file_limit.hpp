#pragma once

namespace gateway::runtime {

// Lets this process open as many files as it may: the soft limit, often 1,024, would be reached by
// as many connected devices. Without effect where the system says no.
void raise_file_limit();

}  // namespace gateway::runtime
