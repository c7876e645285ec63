#include "ready_node.hpp"

#include <catch2/catch.hpp>

using namespace firmware_bridge::test;

namespace {

constexpr std::int64_t kNowMs = 1'772'366'400'000;

using Offsets = std::vector<std::uint32_t>;

std::vector<State::State> told_by(const UpdateBench& bench) {
    std::vector<State::State> told;
    for (const State& state : bench.states) told.push_back(state.state());
    return told;
}

}  // namespace

TEST_CASE("a node says what it can take, and one without a receiver nothing", "[device][update]") {
    UpdateBench bench;
    bench.start();
    auto hello = hello_of(bench.bench.poll().at(0));
    CHECK(hello.image_bytes_max() == 8 * 512);
    CHECK(hello.settings() == 0);
    CHECK_FALSE(hello.on_trial());
    CHECK(hello.firmware() == 3);
    Bench without;
    hello = hello_of(without.poll().at(0));
    CHECK(hello.image_bytes_max() == 0);
    without.welcome(7, 1);
    without.receive({kUpdateOffer, 0, 7, 0, bench.signer.sign(settings_of(1, 60))});
    CHECK(without.poll().empty());
    CHECK(pd_link_counters(&without.link)->unknown == 1);
}

TEST_CASE("an update goes from the offer to its confirmation", "[device][update]") {
    Ready node;
    node.offer(node.signed_image());
    auto frames = node.bench.poll();
    REQUIRE(frames.size() == 2);
    CHECK(state_of(frames[0]).state() == State::OFFERED);
    CHECK(state_of(frames[0]).update() == 5);
    CHECK(frames[1].type == kUpdateAsk);
    CHECK(frames[1].sequence == 0);
    const Frame verified = node.fetch();  // the same offer again goes on
    CHECK(state_of(verified).state() == State::VERIFIED);
    CHECK(state_of(verified).offset() == kImageBytes);
    CHECK(node.image_in(1) == node.images[5]);
    CHECK(node.restarts == 0);
    node.seen(verified);
    node.bench.poll();
    CHECK(node.restarts == 1);

    node.start();
    CHECK(node.running() == 5);
    const auto hello = hello_of(node.bench.poll().at(0));
    CHECK(hello.firmware() == 5);
    CHECK(hello.on_trial());
    node.bench.add(1);
    node.welcome();
    node.offer(node.signed_image());  // of a gateway that does not know it yet
    CHECK(sequences(node.bench.poll()) == Offsets{1});
    node.bench.receive(node.bench.ack(2, 2));
    const auto confirmed = node.bench.poll().at(0);
    CHECK(state_of(confirmed).state() == State::CONFIRMED);
    CHECK(node.update.state.floor == 5);
    node.seen(confirmed);
    CHECK(node.bench.after(8000).empty());

    node.start();
    CHECK(node.running() == 5);
    CHECK_FALSE(hello_of(node.bench.poll().at(0)).on_trial());
    CHECK(node.invalid_starts == 0);
}

TEST_CASE("the next update goes into the other slot", "[device][update]") {
    Ready node;
    REQUIRE(node.run(node.signed_image()));
    CHECK(told_by(node) == std::vector{State::OFFERED, State::VERIFIED, State::CONFIRMED});
    node.images[9] = image_of(9, 4096);  // all of a slot
    REQUIRE(node.run(node.signer.sign(manifest_of(9, node.images[9]))));
    CHECK(node.running() == 9);
    CHECK(node.image_in(0) == node.images[9]);
    CHECK(node.update.state.running == 0);
    CHECK(node.update.state.floor == 9);
}

TEST_CASE("a manifest that is not for the node is said to be so", "[device][update]") {
    Ready node;
    node.bench.unix_ms = kNowMs;
    node.welcome();
    const auto good = manifest_of(5, node.images[5]);
    const auto cause_of = [&](auto change) {
        auto manifest = good;
        change(manifest);
        const State state = node.told(node.signer.sign(manifest));
        CHECK(state.update() == manifest.sequence());
        return state.state() == State::FAILED ? state.cause() : State::NONE;
    };
    CHECK(cause_of([](auto& it) { it.set_format(2); }) == State::SIGNATURE);
    CHECK(cause_of([](auto& it) { it.set_sequence(0); }) == State::SIGNATURE);
    CHECK(cause_of([](auto& it) { it.set_vendor("Acme2"); }) == State::NOT_FOR_IT);
    CHECK(cause_of([](auto& it) { it.set_vendor("Acm"); }) == State::NOT_FOR_IT);
    CHECK(cause_of([](auto& it) { it.set_device_class("board-b"); }) == State::NOT_FOR_IT);
    CHECK(cause_of([](auto& it) { it.set_node("meter-2"); }) == State::NOT_FOR_IT);
    CHECK(cause_of([](auto& it) { it.clear_image(); }) == State::NOT_FOR_IT);
    CHECK(cause_of([](auto& it) { it.set_sequence(3); }) == State::OLD);
    CHECK(cause_of([](auto& it) { it.set_sequence(2); }) == State::OLD);
    CHECK(cause_of([](auto& it) { it.set_expires_unix_s(kNowMs / 1000); }) == State::EXPIRED);
    CHECK(cause_of([](auto& it) { it.mutable_image()->set_size(4097); }) == State::TOO_LARGE);
    CHECK(cause_of([](auto& it) { it.mutable_image()->set_size(0); }) == State::TOO_LARGE);
    CHECK(cause_of([](auto& it) { it.mutable_image()->set_sequence_min(4); }) == State::BASE);
    CHECK(cause_of([](auto& it) { it.mutable_image()->set_sha256("short"); }) == State::SIGNATURE);
    CHECK(cause_of([](auto& it) {
              it.set_expires_unix_s(kNowMs / 1000 + 1);
              it.set_node("meter-1");
              it.mutable_image()->set_sequence_min(3);
          }) == State::NONE);
}

TEST_CASE("a node that takes updates says what it is in words", "[device][update]") {
    Ready node;
    const pd_config good = node.bench.link.config;
    for (const char* const no_word :
         {"", "a b", "a/b", "a:b", "a@b", "a[b", "a`b", "a{b", "\xe9"}) {
        pd_config config = good;
        config.vendor = no_word;
        CHECK(pd_init(&node.bench.link, &config) == PD_INVALID);
        config = good;
        config.device_class = no_word;
        CHECK(pd_init(&node.bench.link, &config) == PD_INVALID);
        config.update = nullptr;
        CHECK(pd_init(&node.bench.link, &config) == PD_OK);
    }
    pd_config config = good;
    config.vendor = "AZ";
    config.device_class = "az09._-";
    CHECK(pd_init(&node.bench.link, &config) == PD_OK);
}

TEST_CASE("what is no manifest is answered, and nothing is taken of it", "[device][update]") {
    Ready node;
    for (const std::string& nothing : {std::string{}, std::string(242, 'x'), std::string{"\x0a"}}) {
        const State state = node.told(nothing);
        CHECK(state.state() == State::FAILED);
        CHECK(state.cause() == State::SIGNATURE);
        CHECK(state.update() == 0);
    }
    CHECK(node.update.state.stage == 0);
}

TEST_CASE("no bit of a manifest can be another one", "[device][update]") {
    Ready node;
    const std::string good = node.signed_image();
    int accepted = 0;
    for (std::size_t bit = 0; bit < good.size() * 8; ++bit) {
        std::string flipped = good;
        flipped[bit / 8] = static_cast<char>(flipped[bit / 8] ^ (1 << bit % 8));
        accepted += node.told(flipped).state() != State::FAILED;
    }
    CHECK(accepted == 0);
    CHECK(node.told(good).state() == State::OFFERED);  // the control
}

TEST_CASE("pieces that are lost, doubled or late do no harm", "[device][update]") {
    Ready node;
    std::mt19937 random{4};
    std::vector<Frame> late;
    node.offer(node.signed_image());
    int verified = 0;
    for (int turns = 0; turns < 2000 && verified == 0; ++turns) {
        for (const Frame& frame : node.bench.after(100)) {
            if (frame.type == kUpdateState) verified += state_of(frame).state() == State::VERIFIED;
            if (frame.type != kUpdateAsk) continue;
            const auto chance = random() % 4;
            if (chance == 0) continue;
            node.piece(frame);
            if (chance == 1) node.piece(frame);
            if (chance == 2) late.push_back(frame);
        }
        if (!late.empty() && turns % 3 == 0) {
            node.piece(late.back());
            late.pop_back();
        }
    }
    CHECK(verified == 1);
    CHECK(node.image_in(1) == node.images[5]);
}

TEST_CASE("a question without an answer is repeated less and less often", "[device][update]") {
    Ready node;
    node.offer(node.signed_image());
    REQUIRE(node.bench.poll().size() == 2);
    for (const std::uint32_t wait_ms : {1000u, 2000u, 4000u}) {
        CHECK(node.bench.after(wait_ms - 1).empty());
        CHECK(node.bench.after(1).at(0).type == kUpdateAsk);
    }
    const auto status = node.bench.after(3000);
    REQUIRE(status.size() == 1);
    CHECK(status[0].type == kStatus);  // its time has come all the same
    CHECK(node.bench.after(4999).empty());
    CHECK(node.bench.after(1).at(0).type == kUpdateAsk);
}

TEST_CASE("readings are repeated while an update is under way", "[device][update]") {
    Ready node(4096);
    node.bench.add(1);
    node.offer(node.signed_image());
    int repeated = -1;
    for (int turns = 0; turns < 15; ++turns) {  // pieces come, no ACK does
        for (const Frame& frame : node.bench.after(100)) {
            if (frame.type == kUpdateAsk) node.piece(frame);
            repeated += frame.type == kReadings;
        }
    }
    CHECK(repeated == 1);
}

TEST_CASE("what is there survives a start, and goes on in another session", "[device][update]") {
    Ready node;
    node.offer(node.signed_image());
    while (node.update.state.have < 1200) {
        for (const Frame& frame : node.bench.after(10)) {
            if (frame.type == kUpdateAsk) node.piece(frame);
        }
    }
    node.start();
    CHECK(node.running() == 3);
    CHECK(node.bench.poll().size() == 1);  // nothing without a session
    node.welcome();
    const auto ask = node.bench.poll().at(0);
    CHECK(ask.type == kUpdateAsk);
    CHECK(ask.sequence == 1024);  // pages that were whole
    node.piece(ask);
    const auto next = node.bench.poll().at(0);
    CHECK(next.sequence == 1024 + 224);
    REQUIRE(node.run(node.signed_image()));
    CHECK(node.running() == 5);
}

TEST_CASE("an update that is withdrawn is forgotten", "[device][update]") {
    Ready node;
    node.offer(node.signed_image());
    node.piece(node.bench.poll().at(1));
    node.over(4);
    REQUIRE(node.bench.poll().size() == 1);
    node.over(5);
    CHECK(node.bench.after(9000).size() == 0);
    node.fetch();
    node.over(5);  // said to be verified, and not started yet
    CHECK(node.bench.after(11000).at(0).type == kStatus);
    CHECK(node.restarts == 0);
    node.start();
    CHECK(node.running() == 3);
}

TEST_CASE("a verified image is started without an answer as well", "[device][update]") {
    Ready node;
    node.fetch();
    node.bench.after(9'900);
    CHECK(node.restarts == 0);
    node.bench.after(100);
    CHECK(node.restarts == 1);
    node.bench.after(999);
    CHECK(node.restarts == 1);  // the firmware may put it off
    node.bench.after(1);
    CHECK(node.restarts == 2);
}

TEST_CASE("an image that is not what was signed is not started", "[device][update]") {
    Ready node;
    const std::string signed_manifest = node.signed_image();
    node.images[5][2000] ^= 1;
    REQUIRE(node.run(signed_manifest));
    CHECK(told_by(node) == std::vector{State::OFFERED, State::FAILED});
    CHECK(node.states.back().cause() == State::DIGEST);
    CHECK(node.restarts == 0);
    node.start();
    CHECK(node.running() == 3);
}

TEST_CASE("the boot loader looks for itself", "[device][update]") {
    Ready node;
    node.fetch();
    node.install(1, std::string(512, '\xff'));  // flash that forgets what it said it had taken
    SECTION("one that does not would start it: the control") {
        node.loader_verifies = false;
        node.start();
        CHECK(node.invalid_starts == 1);
    }
    SECTION("and says why it does not start it") {
        node.start();
        CHECK(node.running() == 3);
        CHECK(node.invalid_starts == 0);
        node.bench.poll();
        node.welcome();
        const auto told = node.bench.poll().at(0);
        CHECK(state_of(told).state() == State::FAILED);
        CHECK(state_of(told).cause() == State::DIGEST);
        CHECK(state_of(told).update() == 5);
        node.start();
        node.bench.poll();
        node.welcome();
        node.seen(node.bench.poll().at(0));
        node.start();
        node.bench.poll();
        node.welcome();
        CHECK(node.bench.poll().empty());
    }
}

TEST_CASE("a firmware that does not come so far is followed by the former", "[device][update]") {
    Ready node;
    node.works = false;
    SECTION("it starts again by itself, three times") {
        REQUIRE(node.run(node.signed_image()));
        CHECK(told_by(node) == std::vector{State::OFFERED, State::VERIFIED, State::ROLLED_BACK});
        CHECK(node.restarts == 1 + PD_STARTS_MAX);
    }
    SECTION("it dies at each start") {
        node.fetch();
        for (unsigned starts = 0; starts < PD_STARTS_MAX; ++starts) {
            node.start();
            CHECK(node.running() == 5);
        }
        node.start();
    }
    CHECK(node.running() == 3);
    CHECK(node.update.state.floor == 0);
    node.start();
    CHECK(node.running() == 3);
    node.works = true;
    REQUIRE(node.run(node.signed_image()));  // it may be tried again
    if (node.running() == 3) REQUIRE(node.run(node.signed_image()));
    CHECK(node.running() == 5);
    CHECK(node.invalid_starts == 0);
}

TEST_CASE("a trial that is never acknowledged ends in the former image", "[device][update]") {
    Ready node;
    node.finishes_first = true;
    node.bench.add(1);
    node.seen(node.fetch());
    node.bench.after(5000);
    CHECK(node.restarts == 0);  // what waits is sent before
    node.bench.receive(node.bench.ack(2, 2));
    node.bench.after(5000);
    REQUIRE(node.restarts == 1);
    for (std::uint32_t starts = 1; starts <= PD_STARTS_MAX; ++starts) {
        node.start();
        CHECK(node.running() == 5);
        node.bench.add(1);  // to a gateway that is away, or cannot be understood
        node.bench.after(59'999);
        CHECK(node.restarts == starts);
        node.bench.after(1);
        CHECK(node.restarts == starts + 1);
    }
    node.start();
    CHECK(node.running() == 3);
}

TEST_CASE("a firmware whose number is not the signed one is not confirmed", "[device][update]") {
    Ready node;
    const auto manifest = manifest_of(6, node.images[5]);
    node.images[6] = node.images[5];
    REQUIRE(node.run(node.signer.sign(manifest)));
    CHECK(node.states.back().state() == State::ROLLED_BACK);
    CHECK(node.running() == 3);
}

TEST_CASE("a firmware with nothing to report is confirmed by a heartbeat", "[device][update]") {
    Ready node;
    node.seen(node.fetch());
    node.start();
    REQUIRE(node.bench.poll().at(0).type == kHello);
    CHECK(node.bench.after(40).empty());
    node.welcome();
    node.bench.receive(node.bench.ack(1, 1));
    CHECK(node.bench.after(9'959).empty());
    const auto status = node.bench.after(1);
    REQUIRE(status.at(0).type == kStatus);
    node.bench.now_ms += 30;
    node.bench.receive(node.bench.ack(1, 1));  // sooner than WELCOME came
    CHECK(state_of(node.bench.poll().at(0)).state() == State::CONFIRMED);
}

TEST_CASE("nothing below what was confirmed is taken, whatever runs", "[device][update]") {
    Ready node;
    REQUIRE(node.run(node.signed_image()));
    CHECK(node.running() == 5);
    REQUIRE(node.update.state.confirmed[1].sequence == 5);
    const std::uint32_t first = 8 * 512;
    node.flash.bytes()[first + 100] ^= 1;  // worn out
    node.start();
    // What was in the factory has no digest that is known, so what runs stays.
    CHECK(node.invalid_starts == 1);
    node.flash.bytes()[first + 100] ^= 1;
    node.images[7] = image_of(7, 1000);
    node.start();
    REQUIRE(node.run(node.signer.sign(manifest_of(7, node.images[7]))));
    CHECK(node.running() == 7);
    node.flash.bytes()[100] ^= 1;
    node.start();
    CHECK(node.running() == 5);  // the other one, which is known and whole
    CHECK(node.invalid_starts == 1);
    node.bench.poll();
    node.welcome();
    node.images[6] = image_of(6, 1000);
    CHECK(node.told(node.signer.sign(manifest_of(6, node.images[6]))).cause() == State::OLD);
    CHECK(node.told(node.signer.sign(manifest_of(7, node.images[7]))).cause() == State::OLD);
}

TEST_CASE("settings are verified, kept and in force", "[device][update]") {
    Ready node;
    CHECK(node.told(node.signer.sign(settings_of(4, 0))).cause() == State::NOT_FOR_IT);
    CHECK(node.told(node.signer.sign(settings_of(4, 86'401))).cause() == State::NOT_FOR_IT);
    CHECK(node.set.empty());
    node.offer(node.signer.sign(settings_of(4, 900)));
    const auto told = node.bench.poll().at(0);
    CHECK(state_of(told).state() == State::CONFIRMED);
    CHECK(state_of(told).is_settings());
    CHECK(state_of(told).update() == 4);
    CHECK(node.set == std::vector<std::uint32_t>{900});
    CHECK(node.bench.after(1000).at(0).payload == told.payload);  // until it was seen
    auto other = state_of(told);
    other.set_is_settings(false);
    node.bench.receive({kUpdateSeen, 0, 7, 4, other.SerializeAsString()});
    other = state_of(told);
    other.set_state(State::OFFERED);
    node.bench.receive({kUpdateSeen, 0, 7, 4, other.SerializeAsString()});
    CHECK(node.bench.after(2000).size() == 1);
    node.seen(told);
    CHECK(node.bench.after(4000).empty());
    CHECK(node.told(node.signer.sign(settings_of(4, 60))).cause() == State::OLD);
    node.start();
    CHECK(node.set == std::vector<std::uint32_t>{900, 900});
    CHECK(hello_of(node.bench.poll().at(0)).settings() == 4);
}

TEST_CASE("images and settings do not stop each other", "[device][update]") {
    Ready node;
    node.offer(node.signed_image());
    node.piece(node.bench.poll().at(1));
    CHECK(node.told(node.signer.sign(settings_of(1, 60))).state() == State::CONFIRMED);
    CHECK(state_of(node.fetch()).state() == State::VERIFIED);
    CHECK(node.set == std::vector<std::uint32_t>{60});
}

TEST_CASE("frames of updates count only in a session", "[device][update]") {
    Ready node;
    node.bench.receive({kUpdateOffer, 0, 8, 0, node.signed_image()});
    node.bench.receive({kUpdateOffer, 0, 0, 0, node.signed_image()});
    node.bench.receive({0xc9, 0, 7, 0, "x"});
    CHECK(node.bench.poll().empty());
    CHECK(pd_link_counters(&node.bench.link)->unknown >= 2);
}
