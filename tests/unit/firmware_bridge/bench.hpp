#pragma once
#include "firmware-bridge/device/passerelle_device.h"

#include <passerelle/v1/node.pb.h>
#include <passerelle/v1/reading.pb.h>

#include <cstdint>
#include <string>
#include <vector>

namespace firmware_bridge::test {

struct Frame {
    std::uint8_t type = 0;
    std::uint8_t address = 0;
    std::uint16_t session = 0;
    std::uint32_t sequence = 0;
    std::string payload;
};

constexpr std::uint8_t kHello = 0x01, kReadings = 0x02, kStatus = 0x03, kTurnEnd = 0x04;
constexpr std::uint8_t kWelcome = 0x81, kAck = 0x82, kRefused = 0x83, kHelloAgain = 0x84;
constexpr std::uint8_t kTurnedAway = 0x85, kPoll = 0x86;

std::string pack(const Frame& frame);                    // as on the wire
std::vector<Frame> unpack(const std::string& received);  // what checks of it

pd_reading reading_of(std::int64_t mantissa);

// A node with a clock and a UART of its own, and what a gateway says to it.
class Bench {
  public:
    explicit Bench(std::uint8_t address = 0, std::uint32_t memory_bytes = 4096);

    Bench(const Bench&) = delete;
    Bench& operator=(const Bench&) = delete;

    void boot();  // again, with the queue as it is
    void receive(const Frame& frame);
    std::vector<Frame> poll();                        // what it sends now
    std::vector<Frame> after(std::uint32_t time_ms);  // what it sends when that time has passed
    void add(std::int64_t mantissa, std::int64_t observed_at_ms = 0);

    void welcome(std::uint16_t session, std::uint32_t sequence, std::uint32_t window = 8);
    Frame ack(std::uint32_t sequence, std::uint32_t expected, bool gap = false) const;

    // In a session of number 7, with nothing sent yet.
    void greet();

    std::uint32_t now_ms = 5000;  // of a clock that runs for a while
    std::uint32_t window = 8;
    std::int64_t unix_ms = 0;     // that the gateway tells
    std::size_t room = 1u << 20;  // of the UART, for each call
    std::uint32_t random_bits = 77;
    std::vector<std::uint32_t> refused;  // sequences
    std::string sent;
    std::vector<std::uint8_t> memory;
    pd_ram_queue queue{};
    pd_update* update = nullptr;  // taken over by the next boot
    std::uint32_t firmware = 3;   // as well
    pd_link link{};

  private:
    std::uint8_t address_;
};

// The messages of the node in these frames.
passerelle::v1::NodeHello hello_of(const Frame& frame);
passerelle::v1::Readings readings_of(const Frame& frame);
std::vector<std::uint32_t> sequences(const std::vector<Frame>& frames);  // of the READINGS

}  // namespace firmware_bridge::test
