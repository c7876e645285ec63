#pragma once
#include "gateway/cli/standstill.hpp"
#include "gateway/observe/log.hpp"

namespace gateway {

// The gateway while it cannot run: no way in, no way out, no store, no keys and no history are
// opened. The status endpoint answers as it always does, with the one problem that there is, and
// what a command asks is refused with the same words. Tells systemd that it is ready and why it
// stands still, and feeds its watchdog. Until SIGTERM or SIGINT, then false, or until another try
// is worth it.
bool stand_still(const cli::Standstill& standstill, observe::Log& log);

}  // namespace gateway
