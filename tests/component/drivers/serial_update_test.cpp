// Updates of nodes on a real terminal line; the depot does what the test says.
#include "tests/component/drivers/serial_rig.hpp"
#include "tests/support/line_node.hpp"

#include <random>

using namespace tests::drivers;
using namespace std::chrono_literals;
using gateway::firmware::Depot;
using gateway::firmware::DeviceState;
using passerelle::v1::NodeUpdateState;
using tests::support::Introduction;
using tests::support::LineNode;
using tests::support::update_ask;
using tests::support::update_state;
using Type = ::drivers::serial::FrameType;

namespace {

constexpr std::uint32_t kPiece = 224;

Introduction updatable(const std::string& name = "m-1") {
    Introduction who;
    who.name = name;
    who.image_bytes_max = 1 << 20;
    return who;
}

struct Rig : SerialRig {
    explicit Rig(gateway::settings::SerialPort port = {})
        : SerialRig(std::move(port), Setup::with_updates) {}

    void stock(std::uint32_t update, const std::string& image) {
        reactor.call([&] { depot.stock(update, image); });
    }
    template <class Look>
    auto look(Look at) {
        return reactor.call([&] { return at(depot); });
    }
};

// A line that loses and changes some of what passes it.
class BadLine {
  public:
    explicit BadLine(unsigned seed) : random_(seed) {}

    bool loses() { return random_() % 8 == 0; }
    std::string changed(std::string bytes) {
        if (loses()) bytes[random_() % bytes.size()] ^= static_cast<char>(1 << random_() % 8);
        if (loses()) bytes = std::string(random_() % 300, static_cast<char>(random_())) + bytes;
        return bytes;
    }

  private:
    std::minstd_rand random_;
};

// The image, asked for piece by piece; what was lost on the line is asked for again.
std::string download(LineNode& node, std::uint32_t update, std::size_t size, BadLine* line) {
    std::string image;
    while (image.size() < size) {
        const auto offset = static_cast<std::uint32_t>(image.size());
        const auto ask = update_ask(node.session, update, offset, kPiece);
        if (line == nullptr) {
            node.say(ask);
        } else {
            node.say_bytes(line->changed(::drivers::serial::encode(ask)));
        }
        const auto frame = node.hear(line == nullptr ? 20'000ms : 200ms);
        if (line == nullptr) REQUIRE(frame);
        if (!frame || (line != nullptr && line->loses())) continue;
        if (frame->type != Type::update_piece || frame->sequence != offset) continue;
        REQUIRE_FALSE(frame->payload.empty());
        image += frame->payload;
    }
    return image;
}

}  // namespace

TEST_CASE("a node is offered an update, fetches it and says how it went", "[serial][update]") {
    Rig rig;
    const auto image = image_of(10'000);
    rig.stock(7, image);
    LineNode node(*rig.line);
    node.enter(updatable("m-Zohra"));
    CHECK(node.await(Type::update_offer).payload == "signed manifest 7");
    const bool is_whole = download(node, 7, image.size(), nullptr) == image;
    CHECK(is_whole);
    const auto verified = update_state(node.session, 7, NodeUpdateState::VERIFIED);
    node.say(verified);
    const auto seen = node.await(Type::update_seen);
    CHECK(seen.sequence == 7);
    CHECK(seen.session == node.session);
    CHECK(seen.payload == verified.payload);
    const auto introduced = rig.look([](const auto& depot) { return depot.introduced; });
    REQUIRE(introduced.size() == 1);
    CHECK(introduced[0].source == "line");
    CHECK(introduced[0].label.empty());
    CHECK(introduced[0].name == "m-Zohra");
    const auto reported = rig.look([](const auto& depot) { return depot.reported; });
    REQUIRE(reported.size() == 1);
    CHECK(reported[0].first == "m-Zohra");
    CHECK(reported[0].second.state == DeviceState::verified);
    CHECK(rig.log.text().find("Zohra") == std::string::npos);
}

TEST_CASE("a state is seen when the depot has it on the disk", "[serial][update]") {
    Rig rig;
    LineNode node(*rig.line);
    node.enter(updatable());
    REQUIRE(eventually([&] {
        return !rig.look([](auto& depot) { return depot.introduced; }).empty();
    }));
    rig.reactor.call([&] { rig.depot.hold(); });
    node.say(update_state(node.session, 7, NodeUpdateState::CONFIRMED));
    CHECK_FALSE(node.hear(300ms));
    rig.reactor.call([&] {
        rig.depot.fails = true;
        rig.depot.release();
    });
    CHECK_FALSE(node.hear(300ms));
    rig.reactor.call([&] { rig.depot.fails = false; });
    node.say(update_state(node.session, 7, NodeUpdateState::CONFIRMED));
    node.await(Type::update_seen);
}

TEST_CASE("an image comes whole over a bad line", "[serial][update]") {
    Rig rig;
    const auto image = image_of(20'000);
    rig.stock(7, image);
    LineNode node(*rig.line);
    node.enter(updatable());
    BadLine line(2026);
    const bool is_whole = download(node, 7, image.size(), &line) == image;
    CHECK(is_whole);
    // Otherwise the test has shown nothing.
    auto dropped = rig.state().turned_away;
    CHECK(dropped["noise"] + dropped["bad-checksum"] + dropped["too-long"] > 0);
    CHECK(rig.look([](const auto& depot) { return depot.pieces; }) > 20'000 / 224 + 1);
    CHECK(rig.look([](const auto& depot) { return depot.under_way_max; }) == 1);
}

TEST_CASE("what is withdrawn is over, and too much of it is not answered", "[serial][update]") {
    Rig rig;
    rig.stock(7, image_of(1000));
    LineNode node(*rig.line);
    node.enter(updatable());
    node.await(Type::update_offer);
    rig.reactor.call([&] { rig.depot.no_piece = Depot::NoPiece::rate; });
    node.say(update_ask(node.session, 7, 0, kPiece));
    CHECK_FALSE(node.hear(300ms));
    node.say(update_ask(node.session, 7, 0, kPiece));
    node.await(Type::update_piece);
    rig.reactor.call([&] { rig.depot.offer.reset(); });
    node.say(update_ask(node.session, 7, kPiece, kPiece));
    CHECK(node.await(Type::update_over).sequence == 7);
}

TEST_CASE("readings are acknowledged while an image goes over", "[serial][update]") {
    Rig rig;
    rig.stock(7, image_of(100'000));
    LineNode node(*rig.line);
    node.enter(updatable());
    node.await(Type::update_offer);
    int pieces = 0;
    for (std::uint32_t sequence = 1; sequence <= 20; ++sequence) {
        for (std::uint32_t i = 0; i < 10; ++i)
            node.say(update_ask(node.session, 7, (sequence * 10 + i) * kPiece, kPiece));
        node.say_readings(sequence);
        while (true) {
            const auto frame = node.hear(20s);
            REQUIRE(frame);
            if (frame->type == Type::ack && frame->sequence > sequence) break;
            if (frame->type == Type::update_piece) ++pieces;
        }
    }
    // Ten were asked for with each reading, and its acknowledgement did not wait for them.
    CHECK(pieces < 100);
}

TEST_CASE("without a depot there are no updates, nor for a node without room", "[serial][update]") {
    SECTION("no depot: what a node has of an earlier update is over") {
        SerialRig rig;
        rig.reactor.call([&] { rig.depot.stock(7, "image"); });
        LineNode node(*rig.line);
        node.enter(updatable());
        node.say(update_ask(node.session, 7, 0, kPiece));
        CHECK(node.await(Type::update_over).sequence == 7);
        node.say(update_state(node.session, 7, NodeUpdateState::ROLLED_BACK));
        CHECK(node.await(Type::update_seen).sequence == 7);
        CHECK(rig.turned_away("unexpected") == 0);
    }
    SECTION("no room") {
        Rig rig;
        rig.stock(7, "image");
        LineNode node(*rig.line);
        node.enter();
        node.say(update_ask(node.session, 7, 0, kPiece));
        CHECK_FALSE(node.hear(300ms));
        CHECK(rig.look([](const auto& depot) { return depot.introduced; }).empty());
    }
}

TEST_CASE("nodes on a bus fetch an image between turns", "[serial][update][bus]") {
    Rig rig(bus_of(2));
    const auto image = image_of(2000);
    rig.stock(7, image);
    LineNode node(*rig.line, 2);
    std::string received;
    bool is_offered = false;
    std::uint32_t sequence = 0;
    while (received.size() < image.size()) {
        const auto frame = node.hear(20s);
        REQUIRE(frame);
        if (frame->address != 2) continue;
        if (frame->type == Type::update_offer) is_offered = true;
        if (frame->type == Type::update_piece && frame->sequence == received.size())
            received += frame->payload;
        if (frame->type != Type::poll) continue;
        if (frame->session == 0) {
            node.say(tests::support::hello(updatable("m-2")));
        } else {
            node.session = frame->session;
            node.say_readings(++sequence);
            const auto offset = static_cast<std::uint32_t>(received.size());
            if (is_offered) node.say(update_ask(node.session, 7, offset, kPiece));
        }
        node.say({Type::turn_end, 0, node.session, 0, {}});
    }
    const bool is_whole = received == image;
    CHECK(is_whole);
    const auto introduced = rig.look([](const auto& depot) { return depot.introduced; });
    REQUIRE_FALSE(introduced.empty());
    CHECK(introduced[0].label == "address 2");
    CHECK(rig.turned_away("babble") == 0);
    REQUIRE(eventually([&] { return rig.sink.count() == sequence; }));
}
