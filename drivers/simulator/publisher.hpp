#pragma once
#include <chrono>
#include <cstdint>
#include <string>

namespace drivers::simulator {

struct PublishCounts {
    std::uint64_t published = 0;     // given to publish()
    std::uint64_t acknowledged = 0;  // PUBACK, or 2.xx
    std::uint64_t refused = 0;       // the gateway will never take it (4.xx)
    std::uint64_t failed = 0;        // given up
    std::uint64_t waiting() const { return published - acknowledged - refused - failed; }
};

// Sends messages as devices do, to a running gateway or broker, and keeps each until it is
// acknowledged. For one thread, which may block; not for the reactor.
class Publisher {
  public:
    // A message is sent this often before it counts as failed.
    static constexpr int kAttemptsMax = 10;
    // Messages that wait for their acknowledgement at most; publish() blocks beyond it, so long.
    static constexpr std::size_t kWaitingMax = 256;
    static constexpr std::chrono::seconds kPublishWaitMax{10};

    virtual ~Publisher() = default;

    // What is wrong, for a person; empty when messages can be sent.
    virtual std::string connect() = 0;

    // Sends a message; where the others still wait after kPublishWaitMax, it counts as failed.
    virtual void publish(const std::string& topic, const std::string& payload) = 0;

    // Lets acknowledgements arrive and repeats what is due, for so long; instead of sleeping.
    virtual void run_for(std::chrono::milliseconds time) = 0;

    // As run_for(), until nothing waits; false when the limit has passed first.
    virtual bool drain(std::chrono::milliseconds limit) = 0;

    virtual PublishCounts counts() const = 0;
};

}  // namespace drivers::simulator
