#pragma once

namespace gateway::observe {

// Whether the system clock is synchronised, by the kernel's word (adjtimex(2)) or, where a sandbox
// forbids to ask, by the mark that systemd-timesyncd leaves.
bool clock_is_synchronised();

}  // namespace gateway::observe
