#pragma once
#include "gateway/model/result.hpp"

#include <boost/asio/awaitable.hpp>

#include <cstdint>
#include <map>
#include <memory>
#include <string>

namespace drivers {

// What the operator sees of a way in.
struct DriverState {
    bool connected = false;  // able to receive
    // "connected to 127.0.0.1:1883", "connection refused": in the operator's language, no secrets.
    std::string detail;
    std::uint64_t frames = 0;
    std::uint64_t connections = 0;  // devices connected to it, where they connect
    std::map<std::string, std::uint64_t> turned_away{};  // connections it ended, by cause
    bool is_clock_suspect = false;  // a wrong clock here would explain that it is not connected
    // Readings that nodes say they had no room for, by the address of the node.
    std::map<std::string, std::uint64_t> lost_at_nodes{};
    // What is wrong beside that, as a sentence in the operator's language without a device's name,
    // by a stable code: "node-turned-away".
    std::map<std::string, std::string> problems{};
};

// One configured way in. Made by the catalogue from its source's settings; lives on the reactor.
class Driver {
  public:
    virtual ~Driver() = default;

    // Begins to receive. An error means that it can never work as configured (a port in use, an
    // unreadable key file); a broker that is away is not an error: the driver keeps trying.
    virtual gateway::model::Result<void> start() = 0;

    // Stops taking frames, waits for the receipts of those in progress (bounded), disconnects in
    // order.
    virtual boost::asio::awaitable<void> stop() = 0;

    virtual DriverState state() const = 0;
};

}  // namespace drivers
