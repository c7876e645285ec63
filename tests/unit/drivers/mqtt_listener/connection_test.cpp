// A connection at moments that no device can bring about at will: the clock and the channel are the
// test's.
#include "drivers/mqtt_listener/connection.hpp"

#include "drivers/mqtt_listener/bounds.hpp"
#include "scripted_channel.hpp"
#include "tests/component/drivers/quiet_log.hpp"
#include "tests/component/drivers/scripted_sessions.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <catch2/catch.hpp>

#include <stdexcept>

using namespace drivers::mqtt_listener;
using namespace gateway::mqtt_codec;
using drivers::mqtt_listener::test::bytes_of;
using std::chrono::milliseconds;
using std::chrono::seconds;
using std::chrono::steady_clock;

namespace {

namespace asio = boost::asio;
using Answer = gateway::model::Decoded<gateway::ingest::Receipt>;

// Takes a frame when the test lets it, or throws.
class HeldSink final : public gateway::ingest::FrameSink {
  public:
    explicit HeldSink(asio::any_io_executor reactor) : changed(std::move(reactor)) {}

    gateway::model::Decoded<gateway::ingest::Pending> submit(gateway::model::Frame) override {
        ++frames;
        return gateway::ingest::Pending{};
    }
    asio::awaitable<Answer> settled(gateway::ingest::Pending) override {
        while (is_held) co_await changed.wait();
        if (throws) throw std::runtime_error("scripted");
        co_return gateway::ingest::Receipt{1, 0};
    }
    void count_refused(gateway::model::SourceId, gateway::model::Refusal) override {}

    int frames = 0;
    bool is_held = false;
    bool throws = false;
    gateway::runtime::Condition changed;
};

struct Fixture {
    Fixture() { hall.anonymous = true; }

    asio::io_context io{1};
    tests::drivers::ScriptedSessions memory;
    HeldSink sink{io.get_executor()};
    gateway::runtime::SystemClock clock;
    tests::drivers::QuietLog log;
    Hall hall{
        {gateway::model::SourceId{0}, sink, memory, io.get_executor(), clock, log},
        gateway::ingest::Access{{}, {}},
        Sessions{io.get_executor()},
        nullptr};
    test::ChannelScript script{io.get_executor()};
    steady_clock::time_point before = steady_clock::now();
    std::unique_ptr<Connection> connection =
        std::make_unique<Connection>(std::make_unique<test::ScriptedChannel>(script), hall, [] {});
    steady_clock::time_point after = steady_clock::now();
    bool has_ended = false;

    // Runs what is ready.
    void settle() {
        io.restart();
        io.poll();
    }
    void run() {
        asio::co_spawn(io, connection->run(), [this](std::exception_ptr) { has_ended = true; });
        settle();
    }
    void introduce(std::uint16_t keep_alive_s = 0) {
        run();
        Connect connect;
        connect.client_identifier = "m-1";
        connect.keep_alive_s = keep_alive_s;
        before = steady_clock::now();
        script.send(bytes_of(connect));
        settle();
        after = steady_clock::now();
        REQUIRE(script.outgoing.starts_with('\x20'));
        script.outgoing.clear();
    }
    void publish(std::uint16_t packet) {
        Publish publish;
        publish.qos = Qos::at_least_once;
        publish.topic = "t";
        publish.packet_identifier = packet;
        script.send(bytes_of(publish));
        settle();
    }
    void check_at(steady_clock::time_point now) {
        connection->check(now);
        settle();
    }
    std::uint64_t turned_away(const char* cause) { return hall.turnaways.by_cause()[cause]; }
};

std::string goodbye(ReasonCode reason) {
    Disconnect disconnect;
    disconnect.reason = reason;
    return bytes_of(disconnect);
}

}  // namespace

TEST_CASE_METHOD(
    Fixture, "a keep-alive lasts one and a half of it, to the millisecond", "[listener]"
) {
    introduce(1);
    check_at(before + milliseconds(1499));
    CHECK_FALSE(script.is_shut);
    CHECK(script.outgoing.empty());
    check_at(after + milliseconds(1501));
    CHECK(script.outgoing == goodbye(ReasonCode::keep_alive_timeout));
    CHECK(has_ended);
    CHECK(turned_away("silent") == 1);
}

TEST_CASE_METHOD(Fixture, "who waits for us is not silent", "[listener]") {
    introduce(1);
    sink.is_held = true;
    for (std::uint16_t packet = 1; packet <= kPublishesPendingMax; ++packet) publish(packet);
    for (int i = 0; i < kPublishesPendingMax; ++i) script.send(bytes_of(Pingreq{}));
    settle();
    check_at(after + milliseconds(1000));
    CHECK_FALSE(script.is_shut);
}

TEST_CASE_METHOD(Fixture, "a CONNECT that drips has ten seconds in all", "[listener]") {
    run();
    check_at(before + kIntroductionMax);
    CHECK_FALSE(script.is_shut);
    script.send("\x10");
    settle();
    check_at(after + kIntroductionMax + milliseconds(1));
    CHECK(script.is_shut);
    CHECK(has_ended);
    CHECK(script.outgoing.empty());
    CHECK(turned_away("not-introduced") == 1);
}

TEST_CASE_METHOD(
    Fixture, "a device that takes no answers is read no further, and cut", "[listener]"
) {
    introduce();
    script.is_deaf = true;
    const std::size_t sent = 4 * kOutgoingBytesMax;
    std::string pings;
    while (pings.size() < sent) pings += bytes_of(Pingreq{});
    before = steady_clock::now();
    script.send(pings);
    settle();
    after = steady_clock::now();
    // An answer is as long as its question.
    const std::size_t read = sent - script.incoming.size();
    CHECK(read > kOutgoingBytesMax);
    CHECK(read <= kOutgoingBytesMax + 2 * kReceiveBytesFirst);
    check_at(before + kWriteStallMax);
    CHECK_FALSE(script.is_shut);
    check_at(after + kWriteStallMax + milliseconds(1));
    CHECK(script.is_shut);
    CHECK(has_ended);
    CHECK(turned_away("stalled") == 1);
}

TEST_CASE_METHOD(Fixture, "a device that takes its answers again is read again", "[listener]") {
    introduce();
    script.is_deaf = true;
    const std::size_t sent = 4 * kOutgoingBytesMax;
    std::string pings;
    while (pings.size() < sent) pings += bytes_of(Pingreq{});
    script.send(pings);
    settle();
    script.take_answers();
    settle();
    CHECK(script.incoming.empty());
    CHECK(script.outgoing.size() == sent);
    CHECK_FALSE(script.is_shut);
}

TEST_CASE_METHOD(
    Fixture, "the end of a deaf device's connection is not waited for for ever", "[listener]"
) {
    introduce();
    script.is_deaf = true;
    script.send(bytes_of(Pingreq{}));
    settle();
    connection->stop();
    settle();
    CHECK_FALSE(has_ended);  // it is told goodbye, when it listens
    check_at(steady_clock::now() + kWriteStallMax + seconds(1));
    CHECK(has_ended);
}

TEST_CASE_METHOD(
    Fixture, "after a write that fails, what the device had sent is still stored", "[listener]"
) {
    introduce();
    sink.is_held = true;
    publish(1);
    script.breaks_next = true;
    script.send(bytes_of(Pingreq{}));
    settle();
    CHECK_FALSE(script.is_shut);
    publish(2);
    script.leave();
    settle();
    CHECK_FALSE(has_ended);
    sink.is_held = false;
    sink.changed.notify();
    settle();
    CHECK(has_ended);
    CHECK(script.outgoing.empty());
}

TEST_CASE_METHOD(Fixture, "what is left of a connection ends when it is closed", "[listener]") {
    introduce();
    sink.is_held = true;
    publish(1);
    script.is_deaf = true;
    script.send(bytes_of(Pingreq{}));
    settle();
    bool closed = false;
    asio::co_spawn(io, connection->close(), [&](std::exception_ptr) { closed = true; });
    settle();
    CHECK(closed);
    CHECK(script.is_shut);
    CHECK(script.outgoing.empty());
    CHECK(has_ended);
    connection.reset();
    sink.is_held = false;
    sink.changed.notify();
    settle();
    CHECK(sink.frames == 1);
}

TEST_CASE_METHOD(
    Fixture, "an error of ours ends its connection alone, and is logged", "[listener]"
) {
    introduce();
    sink.throws = true;
    publish(1);
    CHECK(script.is_shut);
    CHECK(has_ended);
    CHECK(script.outgoing.empty());
    CHECK(log.text().find("connection-failed") != std::string::npos);
}

TEST_CASE_METHOD(Fixture, "answers of one turn leave in one write", "[listener]") {
    introduce();
    sink.is_held = true;
    for (std::uint16_t packet = 1; packet <= 10; ++packet) publish(packet);
    const int writes = script.writes;
    sink.is_held = false;
    sink.changed.notify();
    settle();
    CHECK(script.writes == writes + 1);
    CHECK(script.outgoing.size() == 10 * bytes_of(Puback{{1}}).size());
}

TEST_CASE_METHOD(
    Fixture, "who needs memory beyond the budget of all connections is ended", "[listener]"
) {
    introduce();
    REQUIRE(hall.receive_budget.take(kReceiveBytesMax));
    publish(1);
    CHECK(sink.frames == 1);
    script.outgoing.clear();
    const std::string header{'\x30', '\xff', '\x7f'};  // of a packet of 16 KiB
    script.send(header + std::string(kReceiveBytesFirst, 'x'));
    settle();
    CHECK(script.outgoing == goodbye(ReasonCode::server_busy));
    CHECK(has_ended);
    CHECK(turned_away("full") == 1);
}
