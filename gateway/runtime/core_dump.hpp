#pragma once

namespace gateway::runtime {

// From now on no core dump of this process is written, whatever ends it, wherever the kernel's
// core_pattern leads (core(5)), and no other process of the same user can read its memory: that
// holds readings before the rules were applied to them, and keys. False if the system does not
// allow it.
bool forbid_core_dumps();

}  // namespace gateway::runtime
