#include "bench.hpp"

#include <catch2/catch.hpp>

using namespace firmware_bridge::test;

namespace {

using Sequences = std::vector<std::uint32_t>;

Frame turned_away() {
    return {kTurnedAway, 0, 0, 0, {}};
}

}  // namespace

TEST_CASE("a node greets at once, and then less and less often", "[device][link]") {
    Bench bench;
    const auto hello = hello_of(bench.poll().at(0));
    CHECK(hello.version_min() == 1);
    CHECK(hello.version_max() == 1);
    CHECK(hello.node() == "meter-1");
    CHECK(hello.vendor() == "Acme");
    CHECK(hello.device_class() == "board-a");
    CHECK(hello.firmware() == 3);
    CHECK(hello.incarnation() == 77);
    CHECK(hello.next() == 1);
    for (const std::uint32_t wait_ms : {1000u, 2000u, 4000u, 8000u, 8000u}) {
        CHECK(bench.after(wait_ms - 1).empty());
        CHECK(bench.after(1).size() == 1);
    }
    CHECK(pd_link_state(&bench.link) == PD_GREETING);
}

TEST_CASE("an incarnation is never 0", "[device][link]") {
    Bench bench;
    bench.queue.queue.incarnation = 0;
    bench.random_bits = 0;
    bench.boot();
    CHECK(bench.queue.queue.incarnation != 0);
}

TEST_CASE("a welcome for another node, incarnation or version is not taken", "[device][link]") {
    Bench bench;
    bench.poll();
    for (int kind = 0; kind < 5; ++kind) {
        passerelle::v1::NodeWelcome welcome;
        welcome.set_version(kind == 0 ? 2 : 1);
        welcome.set_node(kind == 1 ? "meter-2" : kind == 2 ? "meter-11" : "meter-1");
        welcome.set_incarnation(bench.queue.queue.incarnation + (kind == 3));
        welcome.set_window(8);
        const std::uint16_t session = kind == 4 ? 0 : 7;
        bench.receive({kWelcome, 0, session, 1, welcome.SerializeAsString()});
        CHECK(pd_link_state(&bench.link) == PD_GREETING);
    }
    CHECK(pd_link_counters(&bench.link)->unknown == 5);
    bench.welcome(7, 1);
    CHECK(pd_link_state(&bench.link) == PD_CONNECTED);
}

TEST_CASE("no more than the window is under way, and an ACK makes room", "[device][link]") {
    Bench bench;
    bench.greet();
    for (int n = 0; n < 20; ++n) bench.add(n);
    CHECK(sequences(bench.poll()) == Sequences{1, 2, 3, 4, 5, 6, 7, 8});
    CHECK(bench.poll().empty());
    bench.receive(bench.ack(4, 4));
    CHECK(sequences(bench.poll()) == Sequences{9, 10, 11});
    CHECK(pd_waiting(&bench.link) == 17);
    bench.window = 99;  // more than the protocol has
    bench.receive(bench.ack(12, 12));
    CHECK(sequences(bench.poll()) == Sequences{12, 13, 14, 15, 16, 17, 18, 19});
}

TEST_CASE("without an ACK everything is sent again, less and less often", "[device][link]") {
    Bench bench;
    bench.greet();
    bench.add(1);
    bench.add(2);
    const auto first = bench.poll();
    CHECK(sequences(first) == Sequences{1, 2});
    for (const std::uint32_t wait_ms : {1000u, 2000u, 4000u, 8000u, 8000u}) {
        CHECK(bench.after(wait_ms - 1).empty());
        const auto again = bench.after(1);
        CHECK(sequences(again) == Sequences{1, 2});
        CHECK(again[0].payload == first[0].payload);
    }
    CHECK(pd_link_counters(&bench.link)->repeated == 10);
    bench.receive(bench.ack(2, 2));
    CHECK(bench.after(999).empty());
    CHECK(sequences(bench.after(1)) == Sequences{2});
}

TEST_CASE("a gap leads back once, and what the gateway has is skipped", "[device][link]") {
    Bench bench;
    bench.greet();
    for (int n = 0; n < 6; ++n) bench.add(n);
    bench.poll();
    bench.receive(bench.ack(1, 3, true));  // 1 and 2 are not committed yet, 3 was lost
    CHECK(sequences(bench.poll()) == Sequences{3, 4, 5, 6});
    bench.receive(bench.ack(1, 3, true));  // made by 5, which was under way
    CHECK(bench.poll().empty());
    CHECK(sequences(bench.after(1000)) == Sequences{1, 2, 3, 4, 5, 6});
    bench.receive(bench.ack(1, 3, true));  // after a repetition it counts again
    bench.room = 0;
    bench.poll();
    bench.receive(bench.ack(6, 6, true));  // of a repetition: all but 6 are there
    bench.room = 1000;
    CHECK(sequences(bench.poll()) == Sequences{3, 6});  // 3 was on its way into the UART
}

TEST_CASE("an ACK of what was never sent is not believed", "[device][link]") {
    Bench bench;
    bench.greet();
    bench.add(1);
    bench.add(2);
    bench.window = 1;
    bench.receive(bench.ack(1, 1));
    CHECK(sequences(bench.poll()) == Sequences{1});
    bench.receive(bench.ack(3, 3));
    bench.receive(bench.ack(1, 3));
    bench.receive({kAck, 0, 8, 2, {}});  // of another session
    CHECK(pd_waiting(&bench.link) == 2);
    CHECK(pd_link_counters(&bench.link)->unknown == 2);
}

TEST_CASE("a window of 0 stops the node, which asks now and then", "[device][link]") {
    Bench bench;
    bench.greet();
    bench.add(1);
    bench.window = 0;
    bench.receive(bench.ack(1, 1));
    CHECK(pd_link_state(&bench.link) == PD_STOPPED);
    for (int n = 0; n < 3; ++n) {
        CHECK(bench.after(1999).empty());
        const auto asked = bench.after(1);
        REQUIRE(asked.size() == 1);
        CHECK(asked[0].type == kStatus);
        bench.receive(bench.ack(1, 1));
    }
    bench.window = 3;
    bench.receive(bench.ack(1, 1));
    CHECK(sequences(bench.poll()) == Sequences{1});
}

TEST_CASE("after ten seconds of silence there is a heartbeat", "[device][link]") {
    Bench bench;
    bench.greet();
    CHECK(bench.after(9999).empty());
    const auto heartbeat = bench.after(1);
    REQUIRE(heartbeat.size() == 1);
    passerelle::v1::NodeStatus status;
    REQUIRE(status.ParseFromString(heartbeat[0].payload));
    CHECK(heartbeat[0].sequence == 1);
    CHECK(status.uptime_s() == 10);
    CHECK(pd_link_state(&bench.link) == PD_CONNECTED);
    bench.now_ms += PD_CONNECTED_MS;
    CHECK(pd_link_state(&bench.link) == PD_SILENT);
}

TEST_CASE("a node that is turned away is quiet for a minute", "[device][link]") {
    Bench bench;
    bench.poll();
    bench.receive(turned_away());
    CHECK(pd_link_state(&bench.link) == PD_TURNED_AWAY);
    CHECK(bench.after(59'999).empty());
    CHECK(bench.after(1).at(0).type == kHello);
    bench.welcome(7, 1);
    bench.receive(turned_away());  // of another node, since this one has a session
    CHECK(pd_link_state(&bench.link) == PD_CONNECTED);
}

TEST_CASE("a gateway that was started again is greeted again", "[device][link]") {
    Bench bench;
    bench.greet();
    bench.add(1);
    bench.add(2);
    bench.poll();
    bench.receive({kHelloAgain, 0, 6, 0, {}});  // of an earlier session
    CHECK(pd_link_state(&bench.link) == PD_CONNECTED);
    bench.receive({kHelloAgain, 0, 7, 0, {}});
    bench.receive({kHelloAgain, 0, 7, 0, {}});  // one for each message under way
    const auto hello = bench.poll();
    REQUIRE(hello.size() == 1);
    CHECK(hello_of(hello[0]).next() == 1);
    CHECK(hello_of(hello[0]).waiting() == 2);
    bench.welcome(8, 2);  // it had committed the first
    CHECK(sequences(bench.poll()) == Sequences{2});
    CHECK(pd_waiting(&bench.link) == 1);
}

TEST_CASE("a queue that came back older than it was begins anew", "[device][link]") {
    Bench bench;
    bench.add(1);
    bench.poll();
    bench.welcome(7, 9);
    const auto hello = hello_of(bench.poll().at(0));
    CHECK(hello.incarnation() != 77);
    CHECK(hello.lost() == 1);
    CHECK(hello.next() == 1);
    CHECK(hello.waiting() == 0);
}

TEST_CASE(
    "what a full queue drops is counted, and the gateway told where it goes on", "[device][link]"
) {
    Bench bench{0, 512};
    bench.greet();
    for (int n = 0; n < 8; ++n) bench.add(n);
    CHECK(sequences(bench.poll()).size() == 8);
    while (bench.queue.queue.first == 1) bench.add(0);
    const auto hello = hello_of(bench.poll().at(0));
    CHECK(hello.next() == 2);
    CHECK(hello.lost() == 1);
    bench.welcome(8, 9);  // all that was under way has arrived
    CHECK(sequences(bench.poll()).front() == 9);
}

TEST_CASE("readings get the time they were taken at as soon as it is known", "[device][link]") {
    constexpr std::int64_t kUnixMs = 1772366400000;
    Bench bench;
    bench.now_ms = 5'000;
    bench.add(1);                // before anybody told the time
    bench.add(2, kUnixMs + 42);  // the meter knew it
    bench.now_ms = 9'000;
    bench.poll();
    bench.unix_ms = kUnixMs;
    bench.welcome(7, 1);
    bench.now_ms = 9'500;
    bench.add(3);
    CHECK(pd_unix_ms(&bench.link) == kUnixMs + 500);
    const auto sent = bench.poll();
    REQUIRE(sent.size() == 3);
    CHECK(readings_of(sent[0]).readings(0).observed_at_ms() == kUnixMs - 4'000);
    CHECK(readings_of(sent[1]).readings(0).observed_at_ms() == kUnixMs + 42);
    CHECK(readings_of(sent[2]).readings(0).observed_at_ms() == kUnixMs + 500);
}

TEST_CASE("readings of an earlier start have no time if nobody told it then", "[device][link]") {
    Bench bench;
    bench.add(1);
    bench.boot();
    bench.unix_ms = 1772366400000;
    bench.greet();
    bench.add(2);
    const auto sent = bench.poll();
    CHECK(readings_of(sent.at(0)).readings(0).observed_at_ms() == 0);
    CHECK(readings_of(sent.at(1)).readings(0).observed_at_ms() == bench.unix_ms);
}

TEST_CASE("milliseconds may wrap", "[device][link]") {
    Bench bench;
    bench.now_ms = 0xffffffff - 500;
    bench.boot();
    bench.unix_ms = 1772366400000;
    bench.greet();
    CHECK(bench.after(9'999).empty());
    CHECK(bench.after(1).size() == 1);
    CHECK(pd_unix_ms(&bench.link) == bench.unix_ms + 10'000);
}

TEST_CASE("a UART that takes one byte at a time gets every frame", "[device][link]") {
    Bench bench;
    bench.greet();
    for (int n = 0; n < 3; ++n) bench.add(n);
    bench.room = 1;
    std::string sent;
    for (int n = 0; n < 1000 && sequences(unpack(sent)).size() < 3; ++n) {
        bench.poll();
        REQUIRE(bench.sent.size() <= 2);
        sent += bench.sent;
    }
    CHECK(sequences(unpack(sent)) == Sequences{1, 2, 3});
}

TEST_CASE("a refusal is told, and what it is of goes with the next ACK", "[device][link]") {
    Bench bench;
    bench.greet();
    bench.add(1);
    bench.poll();
    bench.receive({kRefused, 0, 7, 1, {"\x08\x01", 2}});
    CHECK(bench.refused == Sequences{1});
    CHECK(pd_link_counters(&bench.link)->refused == 1);
    CHECK(pd_waiting(&bench.link) == 1);
    bench.receive(bench.ack(2, 2));
    CHECK(pd_waiting(&bench.link) == 0);
}

TEST_CASE("a message that is damaged in the queue is skipped and counted", "[device][link]") {
    Bench bench;
    bench.greet();
    bench.add(1);
    bench.add(2);
    bench.add(3);
    const std::size_t record_bytes = bench.queue.used / 3;
    bench.memory[record_bytes + 2 + 9] = 0xff;  // the first key of the second message
    CHECK(sequences(bench.poll()) == Sequences{1});
    bench.receive(bench.ack(2, 2));
    bench.poll();
    const auto hello = hello_of(bench.poll().at(0));
    CHECK(hello.next() == 3);
    CHECK(hello.lost() == 1);
    bench.welcome(8, 3);
    CHECK(sequences(bench.poll()) == Sequences{3});
}

TEST_CASE("noise, echoes and messages for others change nothing", "[device][link]") {
    Bench bench;
    bench.greet();
    bench.add(1);
    const std::string sent = (bench.poll(), bench.sent);
    const auto* const echo = reinterpret_cast<const std::uint8_t*>(sent.data());
    pd_input(&bench.link, echo, sent.size());
    CHECK(pd_link_counters(&bench.link)->damaged == 0);
    const std::string noise(3000, '\x55');
    pd_input(&bench.link, reinterpret_cast<const std::uint8_t*>(noise.data()), noise.size());
    Frame ack = bench.ack(2, 2);
    bench.receive(ack);  // its leading zero ends the noise
    CHECK(pd_link_counters(&bench.link)->damaged == 1);
    CHECK(pd_waiting(&bench.link) == 0);
    bench.receive({0xfe, 0, 7, 0, {}});
    CHECK(pd_link_counters(&bench.link)->unknown == 1);
}

TEST_CASE("a configuration out of its bounds is not taken", "[device][link]") {
    Bench bench;
    pd_config config = bench.link.config;
    pd_link link{};
    const std::string long_name(PD_NODE_CHARS_MAX + 1, 'n');
    CHECK(pd_init(&link, &config) == PD_OK);
    config.node = long_name.c_str();
    CHECK(pd_init(&link, &config) == PD_INVALID);
    for (const char* const no_word : {"", "a b", "n\xc3\xa9", "/"}) {
        config.node = no_word;
        CHECK(pd_init(&link, &config) == PD_INVALID);
    }
    config.node = "n";
    config.vendor = "Acme Inc.";  // words are for updates
    CHECK(pd_init(&link, &config) == PD_OK);
    config.vendor = long_name.c_str();
    CHECK(pd_init(&link, &config) == PD_INVALID);
    config.vendor = nullptr;
    CHECK(pd_init(&link, &config) == PD_INVALID);
    config.vendor = "";
    config.address = 248;
    CHECK(pd_init(&link, &config) == PD_INVALID);
    config.address = 247;
    config.queue = nullptr;
    CHECK(pd_init(&link, &config) == PD_INVALID);
}
