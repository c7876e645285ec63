#pragma once
#include "gateway/observe/log.hpp"
#include "gateway/settings/settings.hpp"

#include <boost/system/error_code.hpp>

#include <functional>

namespace gateway {

// Exit statuses of `passerelle run` (sysexits.h), for systemd and scripts.
inline constexpr int kExitStopped = 0;    // asked to stop, everything acknowledged is on the disk
inline constexpr int kExitInternal = 70;  // an error of ours; systemd starts us again
inline constexpr int kExitStore = 74;     // the store cannot be opened or written
inline constexpr int kExitConfiguration =
    78;  // the configuration is wrong; starting again does not help

// Runs the gateway in the foreground until SIGTERM or SIGINT, or until it can no longer store.
// Returns the exit status. `on_running` is called once when everything that readings need is open,
// before the first one is taken; what it answers is told if it is an error.
int run_gateway(
    const settings::Settings& settings,
    observe::Log& log,
    const std::function<boost::system::error_code()>& on_running
);

}  // namespace gateway
