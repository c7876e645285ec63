#pragma once
#include "gateway/settings/settings.hpp"

#include <atomic>
#include <chrono>
#include <memory>
#include <string>
#include <string_view>

namespace gateway::forward {

// The bytes to and from a broker, with or without TLS; certificates are always verified. Opened
// once. On one thread; every call blocks, until `cancelled` at most.
class MqttChannel {
  public:
    using Deadline = std::chrono::steady_clock::time_point;

    // `cancelled` outlives it.
    MqttChannel(const settings::MqttUplink& settings, const std::atomic<bool>& cancelled);
    ~MqttChannel();
    MqttChannel(const MqttChannel&) = delete;
    MqttChannel& operator=(const MqttChannel&) = delete;

    // Why it could not be opened; empty: it is open.
    std::string open();

    // False when the connection has ended, or the deadline has passed.
    bool write(std::string_view bytes, Deadline deadline);
    // Appends what has come, and waits until something has.
    bool read(std::string& received, Deadline deadline);

    // Appends what has come already; false when the connection has ended.
    bool poll(std::string& received);

  private:
    class Session;
    std::unique_ptr<Session> session_;
};

bool is_secure(const settings::MqttClient& client);

}  // namespace gateway::forward
