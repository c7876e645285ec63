#include "update_bench.hpp"

#include <catch2/catch.hpp>

using namespace firmware_bridge::test;

namespace {

constexpr std::size_t kImageBytes = 3000;  // 5 pages of 512 bytes, and a part of one

// In a session on a bus, with an image that may be offered.
struct OnBus : UpdateBench {
    OnBus() : UpdateBench{{20, 512, 8}, 1, 9} {
        images[5] = image_of(5, kImageBytes);
        start();
        REQUIRE(bench.poll().empty());
        REQUIRE(hello_of(turn(0).at(0)).image_bytes_max() == 4096);
        welcome();
    }

    Frame poll(std::uint16_t session = 7) const {
        passerelle::v1::NodeAck ack;
        ack.set_window(8);
        return {kPoll, 9, session, session == 0 ? 0u : 1u, ack.SerializeAsString()};
    }

    std::vector<Frame> turn(std::uint16_t session = 7) {
        bench.receive(poll(session));
        return bench.poll();
    }

    // Both were received before the node came to the first.
    void receive_at_once(const Frame& one, const Frame& other) {
        const std::string bytes = pack(one) + pack(other);
        pd_input(&bench.link, reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size());
    }
};

}  // namespace

TEST_CASE("on a bus an update speaks in its turns alone", "[device][update]") {
    OnBus node;
    const auto poll = [&](std::uint16_t session) { return node.turn(session); };
    node.offer(node.signer.sign(manifest_of(5, node.images[5])));
    CHECK(node.bench.after(5000).empty());
    auto frames = poll(7);
    REQUIRE(frames.size() == 3);
    CHECK(frames[0].type == kUpdateState);
    CHECK(frames[1].type == kUpdateAsk);
    CHECK(frames[2].type == kTurnEnd);
    frames = poll(7);  // the answer has not come yet
    REQUIRE(frames.size() == 1);
    CHECK(frames[0].type == kTurnEnd);
    int turns = 0;
    for (; node.restarts == 0 && turns < 100; ++turns) {
        node.bench.now_ms += 1100;
        for (const Frame& frame : poll(7)) {
            if (frame.type == kUpdateAsk) node.piece(frame);
            if (frame.type == kUpdateState) node.seen(frame);
        }
        CHECK(node.bench.poll().empty());
    }
    CHECK(node.image_in(1) == node.images[5]);
    CHECK(node.restarts == 1);
}

TEST_CASE(
    "on a bus a poll from before something that took long is not answered", "[device][update]"
) {
    OnBus node;
    const std::string signed_manifest = node.signer.sign(manifest_of(5, node.images[5]));
    SECTION("a signature that was verified") {
        node.verify_ms = 300;
        node.receive_at_once({kUpdateOffer, 9, 7, 0, signed_manifest}, node.poll());
    }
    SECTION("flash that was written to") {
        node.offer(signed_manifest);
        const auto ask = node.turn().at(1);
        node.flash_ms = 30;
        node.piece(ask);
        node.bench.receive(node.poll());
    }
    CHECK(node.bench.poll().empty());  // another node has the turn by now
    CHECK(node.bench.after(20).empty());
    CHECK(node.turn().back().type == kTurnEnd);
}

TEST_CASE(
    "on a bus a turn that passed while flash was written to is not used", "[device][update]"
) {
    OnBus node;
    node.offer(node.signer.sign(manifest_of(5, node.images[5])));
    for (int turns = 0; node.update.state.have < kImageBytes; ++turns) {
        REQUIRE(turns < 100);
        node.bench.now_ms += 100;
        for (const Frame& frame : node.turn()) {
            if (frame.type == kUpdateAsk) node.piece(frame);
        }
    }
    while (node.update.hashed + 512 < kImageBytes) node.bench.poll();
    node.flash_ms = 300;
    CHECK(node.turn().empty());  // the record says that the image is verified
    node.flash_ms = 0;
    CHECK(node.turn().empty());
    node.bench.now_ms += 20;
    CHECK(state_of(node.turn().at(0)).state() == State::VERIFIED);
}

TEST_CASE("on a bus a full turn goes out at once", "[device][update]") {
    OnBus node;
    for (int n = 0; n < 9; ++n) node.bench.add(n);
    node.offer(node.signer.sign(manifest_of(5, node.images[5])));
    node.offer(node.signer.sign(settings_of(1, 60)));
    const auto frames = node.turn();
    CHECK(sequences(frames).size() == 8);
    REQUIRE(frames.size() == 12);  // the gateway lets a node have so many
    CHECK(state_of(frames[0]).state() == State::OFFERED);
    CHECK(state_of(frames[1]).is_settings());
    CHECK(frames[2].type == kUpdateAsk);
    CHECK(frames[11].type == kTurnEnd);
}
