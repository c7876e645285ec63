#pragma once
#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>

namespace gateway::cli {

// What a fleet of virtual devices is and where it sends. Exactly one of the two targets is set.
struct FleetOptions {
    std::string mqtt_url;   // mqtt://host:port of a broker
    std::string coap_host;  // numeric address of a CoAP server
    std::uint16_t coap_port = 0;
    std::string pattern;  // topic or path; its {device} level becomes the device's name
    int devices = 10;
    std::uint64_t seed = 1;
};

// What became of the messages that were sent; what is in none of these still waits.
struct FleetCounts {
    std::uint64_t sent = 0;
    std::uint64_t acknowledged = 0;
    std::uint64_t refused = 0;  // the gateway will never take it
    std::uint64_t failed = 0;   // given up
};

// Virtual devices that send as real ones do and wait for their acknowledgements. For one thread,
// which may block.
class DeviceFleet {
  public:
    virtual ~DeviceFleet() = default;

    // What is wrong, for a person; empty when messages can be sent.
    virtual std::string connect() = 0;

    // One message of a device, numbered from 0.
    virtual void send(int device) = 0;

    // Lets acknowledgements arrive until so long after connect().
    virtual void wait_until(std::chrono::microseconds since_connect) = 0;

    // Waits until nothing is unacknowledged; false when the limit has passed first.
    virtual bool drain(std::chrono::milliseconds limit) = 0;

    virtual FleetCounts counts() const = 0;
};

using MakeFleet = std::function<std::unique_ptr<DeviceFleet>(const FleetOptions&)>;

}  // namespace gateway::cli
