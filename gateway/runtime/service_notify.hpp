#pragma once
#include <boost/asio/awaitable.hpp>

#include <chrono>
#include <optional>
#include <string_view>

namespace gateway::runtime {

// What the service manager is told (sd_notify(3)); outside systemd nothing happens.
void notify_ready();
void notify_stopping();
// On the way to another configuration; notify_ready() ends it.
void notify_reloading();
// Not ready yet, for a reason: the manager is to wait so long from now, whatever TimeoutStartSec=
// is. A sign of life as well.
void notify_starting_for(std::chrono::seconds more);
void notify_status(std::string_view one_line);  // shown by `systemctl status`

// WatchdogSec= of the unit: how long the manager waits for a sign of life before it restarts us.
std::optional<std::chrono::microseconds> watchdog_timeout();

// Gives that sign at half the time-out until it is cancelled; at once over when the manager does
// not ask for any. Run it on the reactor: what blocks the reactor then becomes a restart.
boost::asio::awaitable<void> keep_watchdog_alive();

}  // namespace gateway::runtime
