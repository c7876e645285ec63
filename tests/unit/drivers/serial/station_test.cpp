#include "drivers/serial/station.hpp"

#include "tests/support/node_bytes.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <map>
#include <vector>

using namespace drivers::serial;
using namespace std::chrono_literals;
using namespace tests::support;
using passerelle::v1::NodeAck;
using passerelle::v1::NodeRefused;
using passerelle::v1::NodeTurnedAway;
using passerelle::v1::NodeWelcome;

namespace {

struct Fixture {
    Fixture() { make(false, {}); }

    void make(bool bus, std::vector<gateway::settings::SerialNode> nodes) {
        Station::Parts parts(updates);
        parts.settings.bus = bus;
        parts.settings.nodes = std::move(nodes);
        parts.held = [this](const std::string& name) { return disk[name]; };
        parts.unix_ms = [] { return std::uint64_t{1'700'000'000'000}; };
        parts.last_session = 0xFFFF;  // so that 0 would be the next
        station.emplace(std::move(parts));
    }

    // A bus with m-1 at 1 and m-2 at 2.
    void make_bus() { make(true, {{"m-1", 1}, {"m-2", 2}}); }

    void say(Frame frame) { CHECK_FALSE(station->receive(std::move(frame), now)); }

    Station::Ticket take(std::uint32_t sequence, std::uint8_t address = 0) {
        const auto message =
            station->receive(readings(session, sequence, "readings", address), now);
        REQUIRE(message);
        CHECK(message->ticket.sequence == sequence);
        return message->ticket;
    }

    Frame answer(FrameType type) {
        const auto frame = station->reply(now);
        REQUIRE(frame);
        REQUIRE(frame->type == type);
        return *frame;
    }

    void is_silent() {
        CHECK_FALSE(station->has_reply());
        CHECK_FALSE(station->reply(now));
    }

    Frame enter(const Introduction& who = {}, std::uint8_t address = 0) {
        say(hello(who, address));
        const auto frame = answer(FrameType::welcome);
        session = frame.session;
        return frame;
    }

    std::uint64_t turned_away(const std::string& cause) {
        return station->turnaways().by_cause({})[cause];
    }

    Station::Time now = Station::Time{} + 1h;
    std::map<std::string, std::vector<std::uint16_t>> disk;
    UpdateSide updates{115'200};
    std::optional<Station> station;
    std::uint16_t session = 0;
};

}  // namespace

TEST_CASE_METHOD(Fixture, "a node is welcome, and its messages acknowledged", "[serial]") {
    const auto frame = enter();
    CHECK(frame.session != 0);
    CHECK(frame.sequence == 1);
    const auto welcome = read<NodeWelcome>(frame);
    CHECK(welcome.version() == 1);
    CHECK(welcome.node() == "m-1");
    CHECK(welcome.incarnation() == 77);
    CHECK(welcome.window() == 8);
    CHECK(welcome.unix_ms() == 1'700'000'000'000);

    const auto first = take(1);
    const auto second = take(2);
    is_silent();  // nothing is on the disk
    station->stored(first);
    auto acknowledged = answer(FrameType::ack);
    CHECK(acknowledged.sequence == 2);
    CHECK(acknowledged.session == session);
    CHECK(read<NodeAck>(acknowledged).expected() == 3);
    CHECK_FALSE(read<NodeAck>(acknowledged).gap());
    station->stored(second);
    CHECK(answer(FrameType::ack).sequence == 3);
    is_silent();
}

TEST_CASE_METHOD(Fixture, "a message is named by node, incarnation and sequence", "[serial]") {
    enter();
    const auto message = station->receive(readings(session, 1, "bytes"), now);
    REQUIRE(message);
    CHECK(message->node == "m-1");
    CHECK(message->payload == "bytes");
    CHECK(message->mark.session == MarkTrail::session_of("m-1", 77));
    CHECK(message->mark.packet_id == MarkTrail::mark_of(1));
}

TEST_CASE_METHOD(Fixture, "a repeated message has no second effect", "[serial]") {
    enter();
    station->stored(take(1));
    answer(FrameType::ack);
    say(readings(session, 1));
    CHECK(answer(FrameType::ack).sequence == 2);
    take(2);
    say(readings(session, 2));  // under way
    CHECK(answer(FrameType::ack).sequence == 2);
}

TEST_CASE_METHOD(Fixture, "something missing is said at once, and once a burst", "[serial]") {
    enter();
    say(readings(session, 2));
    const auto gap = answer(FrameType::ack);
    CHECK(read<NodeAck>(gap).gap());
    CHECK(read<NodeAck>(gap).expected() == 1);
    say(readings(session, 3));
    is_silent();
    say(status(session, 4));  // and a status says that the tail is missing
    CHECK(read<NodeAck>(answer(FrameType::ack)).gap());
}

TEST_CASE_METHOD(Fixture, "what is refused for good is said and over", "[serial]") {
    enter();
    const auto first = take(1);
    const auto second = take(2);
    station->refused(first, Refused::malformed);
    station->refused(second, Refused::not_admitted);
    auto refused = answer(FrameType::refused);
    CHECK(refused.sequence == 1);
    CHECK(read<NodeRefused>(refused).cause() == NodeRefused::MALFORMED);
    refused = answer(FrameType::refused);
    CHECK(refused.sequence == 2);
    CHECK(read<NodeRefused>(refused).cause() == NodeRefused::NOT_ADMITTED);
    CHECK(answer(FrameType::ack).sequence == 3);
}

TEST_CASE_METHOD(Fixture, "what cannot be taken now stops the node for a while", "[serial]") {
    enter();
    const auto first = take(1);
    const auto second = take(2);
    station->postponed(first, now);
    auto stopped = answer(FrameType::ack);
    CHECK(stopped.sequence == 1);
    CHECK(read<NodeAck>(stopped).window() == 0);
    CHECK(read<NodeAck>(stopped).gap());
    CHECK(read<NodeAck>(stopped).expected() == 1);
    station->stored(second);  // by itself; it comes again, and the disk knows its mark
    is_silent();
    say(readings(session, 1));
    CHECK(read<NodeAck>(answer(FrameType::ack)).window() == 0);
    now += Window::kPauseMin;
    say(status(session, 3));
    CHECK(read<NodeAck>(answer(FrameType::ack)).window() == 1);
    station->stored(take(1));
    CHECK(read<NodeAck>(answer(FrameType::ack)).window() == 2);
}

TEST_CASE_METHOD(Fixture, "the disk tells what was taken before a restart", "[serial]") {
    disk[MarkTrail::session_of("m-1", 77)] = {3, 4, 5};
    Introduction who;
    who.next = 4;
    CHECK(enter(who).sequence == 6);
    who.incarnation = 78;  // another queue
    who.next = 1;
    CHECK(enter(who).sequence == 1);
    CHECK(station->take_forgotten() == std::vector{MarkTrail::session_of("m-1", 77)});
}

TEST_CASE_METHOD(Fixture, "marks are given back, but for the newest", "[serial]") {
    enter();
    std::vector<Station::Release> releases;
    constexpr std::uint32_t kMessages = 100;
    for (std::uint32_t sequence = 1; sequence <= kMessages; ++sequence) {
        station->stored(take(sequence));
        for (auto& spare : station->take_releases()) releases.push_back(std::move(spare));
    }
    CHECK(releases.size() >= kMessages - MarkTrail::kHeldMax);
    CHECK(std::none_of(releases.begin(), releases.end(), [](const auto& release) {
        return release.mark == MarkTrail::mark_of(kMessages);
    }));
}

TEST_CASE_METHOD(Fixture, "who introduces itself again waits for what is under way", "[serial]") {
    enter();
    const auto first = take(1);
    say(hello());
    is_silent();
    station->stored(first);
    const auto frame = answer(FrameType::welcome);
    CHECK(frame.sequence == 2);
    CHECK(frame.session != session);
    CHECK(frame.session != 0);
    say(readings(session, 2));  // of the old session
    CHECK(answer(FrameType::hello_again).session == session);
}

TEST_CASE_METHOD(Fixture, "a node whose queue dropped its oldest is not waited for", "[serial]") {
    enter();
    Introduction who;
    who.next = 9;
    who.lost = 40;
    CHECK(enter(who).sequence == 9);
    CHECK(station->lost() == std::map<std::string, std::uint64_t>{{"0", 40}});
    CHECK(station->lost_at() == now);
    now += 1h;
    say(status(session, 9, 40));
    CHECK(station->lost_at() == now - 1h);
    say(status(session, 9, 41));
    CHECK(station->lost_at() == now);
}

TEST_CASE_METHOD(Fixture, "unknown sessions are asked to introduce themselves", "[serial]") {
    say(readings(4711, 1));
    const auto again = answer(FrameType::hello_again);
    CHECK(again.session == 4711);
    CHECK(again.sequence == 0);
    is_silent();
    say(status(4711, 1));
    answer(FrameType::hello_again);
    say(update_ask(4711, 7, 0, 224));
    answer(FrameType::hello_again);
    say(update_state(4711, 7, passerelle::v1::NodeUpdateState::CONFIRMED));
    answer(FrameType::hello_again);
    say({FrameType::turn_end, 0, 4711, 0, {}});
    is_silent();
}

TEST_CASE_METHOD(Fixture, "who cannot be served is turned away, by cause", "[serial]") {
    const auto refused = [&](const Introduction& who) {
        say(hello(who));
        return read<NodeTurnedAway>(answer(FrameType::turned_away)).cause();
    };
    Introduction who;
    who.version_min = 2;
    who.version_max = 3;
    CHECK(refused(who) == NodeTurnedAway::VERSION);
    who.version_min = 0;
    CHECK(refused(who) == NodeTurnedAway::VERSION);
    who.version_min = 3;
    who.version_max = 1;
    CHECK(refused(who) == NodeTurnedAway::VERSION);
    CHECK(turned_away("version") == 3);
    who = {};
    who.incarnation = 0;
    refused(who);
    for (const std::string name : {"", "a b", "Zo\xc3\xab", "0123456789012345678901234567890123"}) {
        who = {};
        who.name = name;
        refused(who);
    }
    CHECK(turned_away("bad-hello") == 5);
    say({FrameType::hello, 0, 0, 0, "\xFF\xFF"});
    answer(FrameType::turned_away);
    CHECK(turned_away("bad-hello") == 6);
    CHECK(station->last_turnaway()->cause == Turnaway::bad_hello);
}

TEST_CASE_METHOD(Fixture, "a list of names lets nobody else in", "[serial]") {
    make(false, {{"m-2", 0}});
    say(hello());
    CHECK(
        read<NodeTurnedAway>(answer(FrameType::turned_away)).cause() == NodeTurnedAway::NOT_LISTED
    );
    Introduction who;
    who.name = "m-2";
    enter(who);
}

TEST_CASE_METHOD(Fixture, "one line has room for 64 names", "[serial]") {
    Introduction who;
    for (int i = 0; i < 64; ++i) {
        who.name = "m-" + std::to_string(i);
        enter(who);
    }
    who.name = "another";
    enter(who);  // the others are not there any more: only one node is on a line
}

TEST_CASE_METHOD(
    Fixture, "another node on the line ends the session of the one before", "[serial]"
) {
    enter();
    const auto before = session;
    Introduction who;
    who.name = "m-2";
    enter(who);
    CHECK(station->online(now) == 1);
    say(readings(before, 1));
    answer(FrameType::hello_again);
}

TEST_CASE_METHOD(Fixture, "a node is offline after 30 seconds of silence", "[serial]") {
    enter();
    now += 30s;
    CHECK(station->online(now) == 1);
    now += 1s;
    CHECK(station->online(now) == 0);
    say(status(session, 1));
    CHECK(station->online(now) == 1);
}

TEST_CASE_METHOD(Fixture, "on a bus the poll acknowledges", "[serial][bus]") {
    make_bus();
    auto poll = station->poll(1, now);
    CHECK(poll.address == 1);
    CHECK(poll.session == 0);
    CHECK(read<NodeAck>(poll).unix_ms() == 1'700'000'000'000);
    enter({}, 1);
    const auto first = take(1, 1);
    station->stored(first);
    is_silent();
    poll = station->poll(1, now);
    CHECK(poll.session == session);
    CHECK(poll.sequence == 2);
    CHECK(read<NodeAck>(poll).window() == 8);
    CHECK(station->poll(2, now).session == 0);
}

TEST_CASE_METHOD(Fixture, "of two nodes at one address the first is served", "[serial][bus]") {
    make_bus();
    enter({}, 1);
    Introduction second;
    second.incarnation = 99;  // the same name, in another node
    say(hello(second, 1));
    CHECK(
        read<NodeTurnedAway>(answer(FrameType::turned_away)).cause() ==
        NodeTurnedAway::ADDRESS_IN_USE
    );
    CHECK(turned_away("address-in-use") == 1);
    take(1, 1);
    second.name = "m-2";  // with the wrong address
    say(hello(second, 1));
    answer(FrameType::turned_away);
    CHECK(turned_away("address-in-use") == 2);
    second.name = "m-3";
    say(hello(second, 1));
    answer(FrameType::turned_away);
    CHECK(turned_away("not-listed") == 1);
}

TEST_CASE_METHOD(Fixture, "who is welcome hears it before the other is turned away", "[serial]") {
    make_bus();
    Introduction second;
    second.incarnation = 99;
    say(hello({}, 1));
    say(hello(second, 1));  // in the same turn
    CHECK(read<NodeWelcome>(answer(FrameType::welcome)).incarnation() == 77);
    answer(FrameType::turned_away);
}

TEST_CASE_METHOD(
    Fixture, "a node on a bus that does not answer is asked who it is", "[serial][bus]"
) {
    make_bus();
    enter({}, 1);
    station->note_turn(1, true);
    CHECK(station->poll(1, now).session == session);
    station->note_turn(1, false);
    station->note_turn(1, true);
    CHECK(station->poll(1, now).session == session);
    station->note_turn(1, true);
    CHECK(station->poll(1, now).session == 0);
    CHECK(station->is_online(1, now));  // for 30 s
    Introduction restarted;
    restarted.incarnation = 78;  // its queue is new
    enter(restarted, 1);
}

TEST_CASE_METHOD(
    Fixture, "what a node sends against the rules is bounded and counted", "[serial]"
) {
    enter();
    for (std::uint32_t sequence = 1; sequence <= 8; ++sequence) take(sequence);
    for (std::uint32_t i = 0; i < 1000; ++i) {
        say(readings(session, 9));
        say(readings(4711, i));
        say({static_cast<FrameType>(0x45), 0, session, 0, "later"});
        say({FrameType::poll, 0, session, 0, {}});  // its own echo
    }
    CHECK(turned_away("unexpected") == 1000);
    CHECK(turned_away("unknown-type") == 1000);
    int answers = 0;
    while (station->reply(now)) ++answers;
    CHECK(answers <= 2);
}

TEST_CASE_METHOD(Fixture, "an answer of the sink that is of an earlier queue is none", "[serial]") {
    enter();
    const auto old = take(1);
    Introduction who;
    who.incarnation = 78;
    enter(who);
    station->stored(old);
    is_silent();
    say(readings(session, 2));
    CHECK(answer(FrameType::ack).sequence == 1);
}
