#pragma once
#include "gateway/observe/log.hpp"

#include <string>

namespace gateway {

class Reconfiguration;

// Exit statuses of `passerelle run` (sysexits.h), for systemd and scripts.
inline constexpr int kExitStopped = 0;    // asked to stop, everything acknowledged is on the disk
inline constexpr int kExitInternal = 70;  // an error of ours; systemd starts us again
inline constexpr int kExitStore = 74;     // the store cannot be opened or written
inline constexpr int kExitConfiguration =
    78;  // the configuration is wrong; starting again does not help

// How an App ended.
struct Ending {
    int exit_status = kExitStopped;
    bool could_open = true;
    bool is_for_next = false;  // another configuration is to run
    std::string code{};        // could not open: what failed, "store-unusable"
    std::string why{};         // and a sentence that says what to do
};

// Runs the gateway in the foreground until SIGTERM or SIGINT, or until it can no longer store.
// When another configuration is to run, everything stops in order and
// starts again in this process, unless it can be exchanged while the rest goes on.
Ending run_gateway(Reconfiguration& reconfiguration, observe::Log& log);

}  // namespace gateway
