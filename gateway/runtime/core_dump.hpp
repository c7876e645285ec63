#pragma once

namespace gateway::runtime {

// From now on no core dump of this process is written, whatever ends it: its memory holds readings
// before the rules were applied to them, and keys. Handlers that the kernel pipes dumps to are told
// the limit and keep to it (core(5), systemd-coredump(8)). False if the system does not allow it.
bool forbid_core_dumps();

}  // namespace gateway::runtime
