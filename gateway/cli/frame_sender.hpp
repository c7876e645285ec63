#pragma once
#include "gateway/cli/device_fleet.hpp"

#include <chrono>
#include <functional>
#include <memory>
#include <string>

namespace gateway::cli {

// Where recorded frames are sent, and as whom. Empty: none.
struct SenderOptions {
    std::string url;  // mqtt://host:port or mqtts://host:port
    std::string username;
    std::string password_file;
    std::string ca_file;  // empty: the system's
    std::string certificate_file;
    std::string key_file;
};

// Sends messages with QoS 1 and keeps each until it is acknowledged, a bounded number at a time.
// For one thread, which may block.
class FrameSender {
  public:
    virtual ~FrameSender() = default;

    // What is wrong, for a person; empty when messages can be sent.
    virtual std::string connect() = 0;

    // Waits while too many are unacknowledged.
    virtual void send(const std::string& topic, const std::string& payload) = 0;

    // Lets acknowledgements arrive for so long.
    virtual void run_for(std::chrono::milliseconds time) = 0;

    virtual FleetCounts counts() const = 0;
};

using MakeFrameSender = std::function<std::unique_ptr<FrameSender>(const SenderOptions&)>;

}  // namespace gateway::cli
