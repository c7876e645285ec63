#include "drivers/serial/update_side.hpp"

#include "tests/support/node_bytes.hpp"

#include <catch2/catch.hpp>

using namespace drivers::serial;
using namespace std::chrono_literals;
using namespace tests::support;
using gateway::firmware::DeviceState;
using gateway::firmware::Offer;
using passerelle::v1::NodeUpdateState;

namespace {

constexpr int kBaud = 115'200;

Hello meter() {
    Hello hello;
    hello.node = "m-1";
    hello.vendor = "acme";
    hello.device_class = "meter";
    hello.firmware = 3;
    hello.image_bytes_max = 65'536;
    return hello;
}

Offer offer_of(std::uint32_t update, bool is_settings = false) {
    Offer offer;
    offer.update = update;
    offer.is_settings = is_settings;
    offer.signed_manifest = "manifest " + std::to_string(update);
    return offer;
}

struct Fixture {
    UpdateSide::Question question() {
        auto next = side.next_question();
        REQUIRE(next);
        return *next;
    }
    template <class What>
    What question_for() {
        const auto next = question();
        REQUIRE(std::holds_alternative<What>(next.what));
        return std::get<What>(next.what);
    }
    Frame said(FrameType type) {
        now += 1s;
        const auto frame = side.next_frame(now);
        REQUIRE(frame);
        REQUIRE(frame->type == type);
        return *frame;
    }
    void is_silent() {
        now += 1s;
        CHECK_FALSE(side.next_question());
        CHECK_FALSE(side.has_frame(now));
        CHECK_FALSE(side.next_frame(now));
    }
    // Introduced, and offered nothing.
    void enter(const Hello& hello = meter(), std::uint8_t address = 0) {
        ticket = {address, ++session};
        side.enter(hello, ticket, now);
        question_for<UpdateSide::Introduction>();
        side.offer(ticket, std::nullopt);
    }

    UpdateSide side{kBaud};
    UpdateSide::Time now = UpdateSide::Time{} + 1h;
    std::uint16_t session = 40;
    UpdateSide::Ticket ticket;
};

}  // namespace

TEST_CASE_METHOD(Fixture, "a node is introduced and offered what there is for it", "[update]") {
    ticket = {0, 7};
    side.enter(meter(), ticket, now);
    const auto asked = question();
    CHECK(asked.name == "m-1");
    const auto device = std::get<UpdateSide::Introduction>(asked.what).device;
    CHECK(device.name == "m-1");
    CHECK(device.vendor == "acme");
    CHECK(device.device_class == "meter");
    CHECK(device.firmware == 3);
    CHECK(device.image_bytes_max == 65'536);
    side.offer(ticket, offer_of(4));
    const auto frame = said(FrameType::update_offer);
    CHECK(frame.session == 7);
    CHECK(frame.payload == "manifest 4");
    is_silent();
}

TEST_CASE_METHOD(Fixture, "who takes no updates is never asked about", "[update]") {
    Hello hello = meter();
    SECTION("it has no room for an image") {
        hello.image_bytes_max = 0;
    }
    SECTION("its vendor is no word") {
        hello.vendor = "a b";
    }
    SECTION("it has no class") {
        hello.device_class.clear();
    }
    SECTION("its class is too long") {
        hello.device_class = std::string(25, 'c');
    }
    side.enter(hello, {0, 7}, now);
    side.hear_from(0, now + 1h);
    CHECK_FALSE(side.receive(update_ask(7, 4, 0, 224)));
    is_silent();
}

TEST_CASE_METHOD(Fixture, "an offer comes again each minute until it is answered", "[update]") {
    enter();
    side.hear_from(0, now + 59s);
    is_silent();
    now += 60s;
    is_silent();  // it was not heard
    side.hear_from(0, now);
    question_for<UpdateSide::Introduction>();
    side.offer(ticket, offer_of(4));
    said(FrameType::update_offer);
    now += 60s;
    side.hear_from(0, now);
    question_for<UpdateSide::Introduction>();
    side.offer(ticket, offer_of(4));
    said(FrameType::update_offer);
    REQUIRE(side.receive(update_state(session, 4, NodeUpdateState::OFFERED)));
    side.seen(ticket, question_for<UpdateSide::Report>());
    said(FrameType::update_seen);
    now += 60s;
    side.hear_from(0, now);
    question_for<UpdateSide::Introduction>();
    SECTION("the same one is known") {
        side.offer(ticket, offer_of(4));
        is_silent();
    }
    SECTION("settings of its number are another one") {
        side.offer(ticket, offer_of(4, true));
        said(FrameType::update_offer);
    }
    SECTION("a later one is news") {
        side.offer(ticket, offer_of(5));
        said(FrameType::update_offer);
    }
}

TEST_CASE_METHOD(Fixture, "who failed is offered it again when the rollout goes on", "[update]") {
    enter();
    const auto state =
        GENERATE(NodeUpdateState::FAILED, NodeUpdateState::ROLLED_BACK, NodeUpdateState::CONFIRMED);
    REQUIRE(side.receive(update_state(session, 4, state)));
    side.seen(ticket, question_for<UpdateSide::Report>());
    CHECK(said(FrameType::update_seen).sequence == 4);
    now += 60s;
    side.hear_from(0, now);
    question_for<UpdateSide::Introduction>();
    side.offer(ticket, offer_of(4));
    said(FrameType::update_offer);
}

TEST_CASE_METHOD(Fixture, "a piece answers a question", "[update]") {
    enter();
    REQUIRE(side.receive(update_ask(session, 4, 448, 224)));
    const auto wanted = question_for<UpdateSide::PieceWanted>();
    CHECK(wanted.update == 4);
    CHECK(wanted.offset == 448);
    CHECK(wanted.size == 224);
    SECTION("with bytes") {
        side.give(ticket, wanted, "bytes");
        const auto frame = said(FrameType::update_piece);
        CHECK(frame.sequence == 448);
        CHECK(frame.payload == "bytes");
    }
    SECTION("or what it asks for is withdrawn") {
        side.withdraw(ticket, 4);
        CHECK(said(FrameType::update_over).sequence == 4);
    }
    SECTION("or nothing, and it asks again") {
        side.give_nothing(ticket);
    }
    is_silent();
}

TEST_CASE_METHOD(Fixture, "one question of a node is under way, and the newest waits", "[update]") {
    enter();
    for (std::uint32_t offset = 0; offset < 20; ++offset)
        REQUIRE(side.receive(update_ask(session, 4, offset, 224)));
    const auto first = question_for<UpdateSide::PieceWanted>();
    CHECK(first.offset == 19);
    REQUIRE(side.receive(update_ask(session, 4, 20, 224)));
    REQUIRE(side.receive(update_ask(session, 4, 21, 224)));
    CHECK_FALSE(side.next_question());
    side.give(ticket, first, "piece");
    CHECK_FALSE(side.next_question());  // until it was said
    said(FrameType::update_piece);
    CHECK(question_for<UpdateSide::PieceWanted>().offset == 21);
    CHECK_FALSE(side.next_question());
}

TEST_CASE_METHOD(Fixture, "a storm of introductions is one question at a time", "[update]") {
    ticket = {0, 1};
    side.enter(meter(), ticket, now);
    question_for<UpdateSide::Introduction>();
    for (std::uint16_t i = 2; i < 100; ++i) {
        side.enter(meter(), {0, i}, now);
        CHECK_FALSE(side.next_question());
    }
    side.offer(ticket, offer_of(4));  // to a session that is over
    CHECK_FALSE(side.has_frame(now));
    CHECK(question().ticket.session == 99);
}

TEST_CASE_METHOD(Fixture, "what a node says is seen, each word by its own", "[update]") {
    enter();
    const auto offered = update_state(session, 4, NodeUpdateState::OFFERED);
    const auto verified = update_state(session, 4, NodeUpdateState::VERIFIED);
    const auto confirmed = update_state(session, 4, NodeUpdateState::CONFIRMED, true);
    REQUIRE(side.receive(offered));
    const auto first = question_for<UpdateSide::Report>();
    CHECK(first.progress.state == DeviceState::offered);
    REQUIRE(side.receive(verified));
    REQUIRE(side.receive(confirmed));  // the newest stays
    side.seen(ticket, first);
    CHECK(said(FrameType::update_seen).payload == offered.payload);
    const auto last = question_for<UpdateSide::Report>();
    CHECK(last.progress.state == DeviceState::confirmed);
    CHECK(last.progress.is_settings);
    side.seen(ticket, last);
    CHECK(said(FrameType::update_seen).payload == confirmed.payload);
    is_silent();
}

TEST_CASE_METHOD(Fixture, "what a node confirms is true of it from then on", "[update]") {
    Hello hello = meter();
    hello.is_on_trial = true;
    enter(hello);
    for (const bool is_settings : {false, true}) {
        REQUIRE(side.receive(update_state(session, 9, NodeUpdateState::CONFIRMED, is_settings)));
        side.seen(ticket, question_for<UpdateSide::Report>());
        said(FrameType::update_seen);
    }
    now += 60s;
    side.hear_from(0, now);
    const auto device = question_for<UpdateSide::Introduction>().device;
    CHECK_FALSE(device.is_on_trial);
    CHECK(device.settings == 9);
    CHECK(device.firmware == 3);
}

TEST_CASE_METHOD(Fixture, "what no node could mean is refused", "[update]") {
    enter();
    Frame frame;
    SECTION("no update") {
        frame = update_ask(session, 0, 0, 224);
    }
    SECTION("no bytes") {
        frame = update_ask(session, 4, 0, 0);
    }
    SECTION("too many bytes") {
        frame = update_ask(session, 4, 0, 225);
    }
    SECTION("no message") {
        frame = {FrameType::update_ask, 0, session, 0, "\xff\xff"};
    }
    SECTION("a state that there is not") {
        frame = update_state(session, 4, static_cast<NodeUpdateState::State>(17));
    }
    SECTION("no state") {
        frame = {FrameType::update_state, 0, session, 0, "\xff\xff"};
    }
    SECTION("of somebody else") {
        frame = update_ask(session, 4, 0, 224, 9);
    }
    CHECK_FALSE(side.receive(frame));
    is_silent();
}

TEST_CASE_METHOD(Fixture, "updates have the line for half of its time, in turn", "[update]") {
    const std::string piece(224, 'p');
    std::map<std::uint8_t, int> told;
    for (std::uint8_t address = 1; address <= 3; ++address) enter(meter(), address);
    const auto begun = now;
    const auto piece_time = time_on_line(kFrameBytesMax, kBaud);
    while (now < begun + 100 * piece_time) {
        for (std::uint8_t address = 1; address <= 3; ++address) {
            const auto with = static_cast<std::uint16_t>(40 + address);
            side.receive(update_ask(with, 4, 0, 224, address));
        }
        while (const auto next = side.next_question())
            side.give(next->ticket, std::get<UpdateSide::PieceWanted>(next->what), piece);
        if (const auto frame = side.next_frame(now)) ++told[frame->address];
        now += 1ms;
    }
    CHECK(told[1] + told[2] + told[3] <= 55);
    for (std::uint8_t address = 1; address <= 3; ++address) CHECK(told[address] >= 15);
}
