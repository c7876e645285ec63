#include "bench.hpp"

extern "C" {
#include "firmware-bridge/device/pd_frame.h"
}

#include <catch2/catch.hpp>

namespace firmware_bridge::test {

namespace {

constexpr std::uint16_t kSession = 7;

std::size_t write_uart(void* context, const std::uint8_t* bytes, std::size_t count) {
    auto& bench = *static_cast<Bench*>(context);
    const std::size_t taken = std::min(count, bench.room);
    bench.sent.append(reinterpret_cast<const char*>(bytes), taken);
    return taken;
}

std::uint32_t now(void* context) {
    return static_cast<Bench*>(context)->now_ms;
}

std::uint32_t draw(void* context) {
    return static_cast<Bench*>(context)->random_bits++;
}

void on_refused(void* context, std::uint32_t sequence, std::uint32_t) {
    static_cast<Bench*>(context)->refused.push_back(sequence);
}

}  // namespace

std::string pack(const Frame& frame) {
    std::vector<std::uint8_t> bytes(2 + PD_HEAD_BYTES + frame.payload.size() + PD_CRC_BYTES + 1);
    std::copy(frame.payload.begin(), frame.payload.end(), bytes.begin() + 2 + PD_HEAD_BYTES);
    const pd_head head{frame.type, frame.address, frame.session, frame.sequence};
    const std::size_t count = pd_frame_close(bytes.data(), &head, frame.payload.size());
    return {bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(count)};
}

std::vector<Frame> unpack(const std::string& received) {
    std::vector<Frame> frames;
    std::vector<std::uint8_t> bytes;
    for (const char byte : received) {
        if (byte != 0) {
            bytes.push_back(static_cast<std::uint8_t>(byte));
            continue;
        }
        pd_head head{};
        std::size_t size = 0;
        if (!bytes.empty() && pd_frame_open(bytes.data(), bytes.size(), &head, &size)) {
            const char* const payload = reinterpret_cast<const char*>(bytes.data()) + PD_HEAD_BYTES;
            frames.push_back({head.type, head.address, head.session, head.sequence, {payload, size}}
            );
        }
        bytes.clear();
    }
    return frames;
}

pd_reading reading_of(std::int64_t mantissa) {
    pd_reading reading{};
    reading.quantity = "water.volume";
    reading.kind = PD_DECIMAL;
    reading.value.decimal.mantissa = mantissa;
    reading.value.decimal.exponent = -3;
    return reading;
}

Bench::Bench(std::uint8_t address, std::uint32_t memory_bytes)
    : memory(memory_bytes), address_{address} {
    REQUIRE(pd_ram_queue_init(&queue, memory.data(), memory_bytes) == PD_OK);
    boot();
}

void Bench::boot() {
    const pd_config config{
        "meter-1",
        "Acme",
        "board-a",
        firmware,
        address_,
        {this, write_uart, now, draw, on_refused},
        &queue.queue,
        update};
    REQUIRE(pd_init(&link, &config) == PD_OK);
}

void Bench::receive(const Frame& frame) {
    const std::string bytes = pack(frame);
    pd_input(&link, reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size());
}

std::vector<Frame> Bench::poll() {
    sent.clear();
    pd_poll(&link);
    return unpack(sent);
}

std::vector<Frame> Bench::after(std::uint32_t time_ms) {
    now_ms += time_ms;
    return poll();
}

void Bench::add(std::int64_t mantissa, std::int64_t observed_at_ms) {
    const pd_reading reading = reading_of(mantissa);
    REQUIRE(pd_readings_add(&link, &reading, 1, observed_at_ms) == PD_OK);
}

void Bench::welcome(std::uint16_t session, std::uint32_t sequence, std::uint32_t messages) {
    passerelle::v1::NodeWelcome welcome;
    welcome.set_version(1);
    welcome.set_node("meter-1");
    welcome.set_window(messages);
    welcome.set_unix_ms(static_cast<std::uint64_t>(unix_ms));
    welcome.set_incarnation(queue.queue.incarnation);
    receive({kWelcome, address_, session, sequence, welcome.SerializeAsString()});
}

Frame Bench::ack(std::uint32_t sequence, std::uint32_t expected, bool gap) const {
    passerelle::v1::NodeAck ack;
    ack.set_expected(expected);
    ack.set_window(window);
    ack.set_gap(gap);
    ack.set_unix_ms(static_cast<std::uint64_t>(unix_ms));
    return {kAck, address_, kSession, sequence, ack.SerializeAsString()};
}

void Bench::greet() {
    REQUIRE(poll().size() == 1);
    welcome(kSession, 1);
    REQUIRE(pd_link_state(&link) == PD_CONNECTED);
}

passerelle::v1::NodeHello hello_of(const Frame& frame) {
    passerelle::v1::NodeHello hello;
    REQUIRE(frame.type == kHello);
    REQUIRE(hello.ParseFromString(frame.payload));
    return hello;
}

passerelle::v1::Readings readings_of(const Frame& frame) {
    passerelle::v1::Readings readings;
    REQUIRE(frame.type == kReadings);
    REQUIRE(readings.ParseFromString(frame.payload));
    return readings;
}

std::vector<std::uint32_t> sequences(const std::vector<Frame>& frames) {
    std::vector<std::uint32_t> found;
    for (const Frame& frame : frames) {
        if (frame.type == kReadings) found.push_back(frame.sequence);
    }
    return found;
}

}  // namespace firmware_bridge::test
