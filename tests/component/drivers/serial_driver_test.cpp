// Nodes on a real terminal line; the sink and its disk do what the test says.
#include "tests/component/drivers/serial_rig.hpp"
#include "tests/support/line_node.hpp"

#include <sys/ioctl.h>
#include <termios.h>

#include <algorithm>

using namespace tests::drivers;
using namespace std::chrono_literals;
using gateway::model::Refusal;
using tests::support::Introduction;
using tests::support::LineNode;
using tests::support::read;
using Type = ::drivers::serial::FrameType;

namespace {

// Answers polls to its address with what is queued, until `turns` are over.
void take_turns(SerialRig& rig, LineNode& node, std::uint8_t address, int turns, int messages = 1) {
    std::uint32_t sequence = 0;
    while (turns > 0) {
        const auto poll = node.await(Type::poll);
        if (poll.address != address) continue;
        if (poll.session == 0) {
            Introduction who;
            who.name = "m-" + std::to_string(address);
            node.say(tests::support::hello(who));
        } else {
            node.session = poll.session;
            for (int i = 0; i < messages; ++i) node.say_readings(++sequence);
            --turns;
        }
        node.say({Type::turn_end, 0, node.session, 0, {}});
    }
    CHECK(rig.turned_away("babble") == 0);
}

}  // namespace

TEST_CASE("an acknowledgement leaves after the commit", "[serial]") {
    SerialRig rig;
    LineNode node(*rig.line);
    node.enter();
    rig.sink.hold();
    node.say_readings(1, "one");
    node.say_readings(2, "two");
    REQUIRE(eventually([&] { return rig.sink.count() == 2; }));
    CHECK_FALSE(node.hear(300ms));
    rig.sink.release();
    node.await_stored(3);
    const auto frames = rig.sink.frames();
    CHECK(frames[0].payload == "one");
    CHECK(frames[0].peer == "m-1");
    CHECK(frames[0].topic.empty());
    CHECK(frames[0].may_speak_for("a sub-device"));
    CHECK(frames[0].source == gateway::model::SourceId{5});
    CHECK(frames[0].patience == 0ms);
    CHECK(rig.state().frames == 2);
    CHECK(rig.state().connections == 1);
}

TEST_CASE("a repetition has no second effect, in this run or the next", "[serial]") {
    SerialRig rig;
    LineNode node(*rig.line);
    node.enter();
    for (int i = 0; i < 3; ++i) node.say_readings(1);
    node.await_stored(2);
    CHECK(rig.sink.count() == 1);
    rig.stop();
    rig.driver = std::make_unique<::drivers::serial::SerialDriver>(
        serial_source({rig.device, 115'200, false, false, {}}), rig.around()
    );
    rig.reactor.call([&] { return rig.driver->start().has_value(); });
    CHECK(node.enter().sequence == 2);
    node.say_readings(1);
    node.say_readings(2);
    node.await_stored(3);
    CHECK(rig.sink.count() == 2);
}

TEST_CASE("what the gateway cannot take now stays in the node", "[serial]") {
    SerialRig rig;
    LineNode node(*rig.line);
    node.enter();
    rig.sink.refuse_next(Refusal::buffer_full);
    node.say_readings(1);
    const auto stopped = read<passerelle::v1::NodeAck>(node.await(Type::ack));
    CHECK(stopped.window() == 0);
    CHECK(stopped.expected() == 1);
    CHECK(eventually([&] {
        node.say(tests::support::status(node.session, 2));
        return read<passerelle::v1::NodeAck>(node.await(Type::ack)).window() == 1;
    }));
    node.say_readings(1);
    node.await_stored(2);
}

TEST_CASE("what can never be taken is told and over", "[serial]") {
    SerialRig rig;
    LineNode node(*rig.line);
    node.enter();
    rig.sink.refuse_next(Refusal::malformed);
    node.say_readings(1);
    CHECK(node.await(Type::refused).sequence == 1);
    node.await_stored(2);
    CHECK(rig.reactor.call([&] {
        return std::ranges::all_of(rig.sessions.packets, [](const auto& session) {
            return session.second.empty();
        });
    }));
}

TEST_CASE("noise is counted and costs nothing else", "[serial]") {
    SerialRig rig;
    LineNode node(*rig.line);
    node.enter();
    const auto before = rig.state().turned_away;
    rig.line->write(std::string_view("\x13\x11 no frame\0", 12));
    auto changed = ::drivers::serial::encode(tests::support::readings(node.session, 1));
    changed[5] = static_cast<char>(changed[5] ^ 0x20);
    rig.line->write(changed);
    rig.line->write(std::string(600, 'x') + '\0');
    node.say_readings(1);
    node.await_stored(2);
    auto after = rig.state().turned_away;
    CHECK(after["noise"] + after["bad-checksum"] >= 2);
    CHECK(after["too-long"] == 1);
}

TEST_CASE("a device that is not there is waited for, and one that goes comes back", "[serial]") {
    SerialRig rig({}, SerialRig::Setup::unplugged);
    REQUIRE(eventually([&] { return !rig.state().detail.empty(); }));
    CHECK_FALSE(rig.state().connected);
    rig.plug_in();
    REQUIRE(eventually([&] { return rig.state().connected; }, 60s));
    {
        LineNode node(*rig.line);
        node.enter();
        node.say_readings(1);
        node.await_stored(2);
    }
    rig.pull_out();
    REQUIRE(eventually([&] { return !rig.state().connected; }));
    rig.plug_in();
    REQUIRE(eventually([&] { return rig.state().connected; }, 60s));
    LineNode node(*rig.line);
    Introduction who;
    who.next = 1;  // it had not heard the acknowledgement
    CHECK(node.enter(who).sequence == 2);
}

TEST_CASE("the device is for the gateway alone, raw, without handshakes", "[serial]") {
    SerialRig rig;
    REQUIRE(eventually([&] { return rig.state().connected; }));
    const int other = ::open(rig.device.c_str(), O_RDWR | O_NOCTTY | O_NONBLOCK | O_CLOEXEC);
    if (other < 0) {
        CHECK(errno == EBUSY);
        return;
    }
    termios line{};  // root may look all the same
    REQUIRE(::tcgetattr(other, &line) == 0);
    int is_exclusive = 0;
    REQUIRE(::ioctl(other, TIOCGEXCL, &is_exclusive) == 0);
    CHECK(is_exclusive == 1);
    CHECK((line.c_lflag & (ICANON | ECHO | ISIG)) == 0);
    CHECK((line.c_iflag & (IXON | IXOFF | ICRNL)) == 0);
    CHECK((line.c_cflag & (CRTSCTS | HUPCL | CSTOPB | PARENB)) == 0);
    CHECK((line.c_cflag & CSIZE) == CS8);
    CHECK(::cfgetospeed(&line) == B115200);
    ::close(other);
}

TEST_CASE("the time is given only when the gateway knows it", "[serial]") {
    SerialRig rig;
    LineNode node(*rig.line);
    CHECK(read<passerelle::v1::NodeWelcome>(node.enter()).unix_ms() > 946'684'800'000);
    rig.reactor.call([&] { rig.clock.distrust(); });
    CHECK(read<passerelle::v1::NodeWelcome>(node.enter()).unix_ms() == 0);
}

TEST_CASE("nodes that do not belong there are a problem of the source", "[serial]") {
    gateway::settings::SerialPort port;
    port.nodes.push_back({"m-9", 0});
    SerialRig rig(port);
    LineNode node(*rig.line);
    REQUIRE(eventually([&] {
        node.say(tests::support::hello());
        return rig.turned_away("not-listed") > 0;
    }));
    const auto problems = rig.state().problems;
    REQUIRE(problems.contains("node-turned-away"));
    CHECK(problems.at("node-turned-away").find("m-1") == std::string::npos);
    CHECK(rig.log.text().find("m-1") == std::string::npos);
}

TEST_CASE("readings that a node lost are shown, and a problem", "[serial]") {
    SerialRig rig;
    LineNode node(*rig.line);
    Introduction who;
    who.lost = 12;
    node.enter(who);
    CHECK(rig.state().lost_at_nodes == std::map<std::string, std::uint64_t>{{"0", 12}});
    CHECK(rig.state().problems.contains("node-lost-readings"));
}

TEST_CASE("nodes on a bus take turns, and a silent one does not hinder", "[serial][bus]") {
    SerialRig rig(bus_of(3));
    LineNode node(*rig.line, 2);
    take_turns(rig, node, 2, 10);
    REQUIRE(eventually([&] { return rig.sink.count() >= 10; }));
    const auto state = rig.state();
    CHECK(state.connections == 1);
    CHECK(state.detail.find('2') != std::string::npos);
    for (const auto& frame : rig.sink.frames()) {
        CHECK(frame.peer == "m-2");
        CHECK(frame.patience > 0ms);  // the node hears of it in its next turn
    }
}

TEST_CASE("what fills a turn is stored at once", "[serial][bus]") {
    SerialRig rig(bus_of(1));
    LineNode node(*rig.line, 1);
    take_turns(rig, node, 1, 1, 8);
    REQUIRE(eventually([&] { return rig.sink.count() == 8; }));
    const auto frames = rig.sink.frames();
    CHECK(frames.front().patience > 0ms);
    CHECK(frames.back().patience == 0ms);
}

TEST_CASE("a node that babbles on the bus is bounded and counted", "[serial][bus]") {
    SerialRig rig(bus_of(2));
    LineNode node(*rig.line, 1);
    REQUIRE(eventually([&] {
        for (int i = 0; i < 20; ++i) node.say({Type::turn_end, 0, 1, 0, {}});
        rig.line->write(std::string(2000, 'x'));
        return rig.turned_away("babble") > 0;
    }));
    // And who comes to its senses is served.
    rig.line->write(std::string_view("\0", 1));
    Introduction who;
    while (true) {
        const auto poll = node.await(Type::poll);
        if (poll.address != 1) continue;
        if (poll.session != 0) break;
        node.say(tests::support::hello(who));
        node.say({Type::turn_end, 0, 0, 0, {}});
    }
}

TEST_CASE("a stop waits for what is under way and acknowledges it", "[serial]") {
    auto rig = std::make_unique<SerialRig>();
    LineNode node(*rig->line);
    node.enter();
    rig->sink.hold();
    node.say_readings(1);
    REQUIRE(eventually([&] { return rig->sink.count() == 1; }));
    std::thread release([&] {
        std::this_thread::sleep_for(100ms);
        rig->sink.release();
    });
    rig->stop();
    release.join();
    node.await_stored(2);
    CHECK_FALSE(rig->state().connected);
}
