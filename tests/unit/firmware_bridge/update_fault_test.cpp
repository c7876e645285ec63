// What a node does where something fails: flash that takes nothing, a configuration, a date.
#include "ready_node.hpp"

#include <functional>

using namespace firmware_bridge::test;

namespace {

constexpr std::size_t kSlot = 1, kRecord = 2;

// Greets and is welcomed; what it says then.
Frame told_after_start(Ready& node) {
    REQUIRE(node.bench.poll().at(0).type == kHello);
    node.welcome();
    return node.bench.poll().at(0);
}

void begin_trial(Ready& node) {
    node.seen(node.fetch());
    node.start();
    REQUIRE(node.running() == 5);
    REQUIRE(node.bench.poll().at(0).type == kHello);
    node.welcome();
}

void check_storage(const Frame& frame) {
    const State state = state_of(frame);
    CHECK(state.state() == State::FAILED);
    CHECK(state.cause() == State::STORAGE);
    CHECK(state.update() == 5);
}

}  // namespace

TEST_CASE("an image that expires while it comes is not started", "[device][update]") {
    Ready node;
    node.bench.unix_ms = 1'772'366'400'000;
    node.welcome();
    auto manifest = manifest_of(5, node.images[5]);
    manifest.set_expires_unix_s(1'772'366'410);
    node.offer(node.signer.sign(manifest));
    node.piece(node.bench.poll().at(1));
    node.bench.now_ms += 10'000;
    const Frame told = node.finish();
    CHECK(state_of(told).state() == State::FAILED);
    CHECK(state_of(told).cause() == State::EXPIRED);
    node.seen(told);
    node.bench.after(20'000);
    CHECK(node.restarts == 0);
    node.start();
    CHECK(node.running() == 3);
}

TEST_CASE("a trial that cannot be counted does not begin", "[device][update]") {
    Ready node;
    node.seen(node.fetch());
    node.worn[kRecord] = true;
    node.start();
    CHECK(node.running() == 3);
    const Frame told = told_after_start(node);
    check_storage(told);
    SECTION("and not later either, where it can be kept that this was said") {
        node.worn[kRecord] = false;
        node.seen(told);
        node.start();
        CHECK(node.running() == 3);
        REQUIRE(node.bench.poll().at(0).type == kHello);
        node.welcome();
        CHECK(node.bench.poll().empty());
    }
    SECTION("the next start finds it again") {
        node.seen(told);
        node.worn[kRecord] = false;
        node.start();
        CHECK(node.running() == 5);
    }
    CHECK(node.invalid_starts == 0);
}

TEST_CASE("settings that cannot be kept are not in force", "[device][update]") {
    Ready node;
    const std::string settings = node.signer.sign(settings_of(5, 60));
    node.worn[kRecord] = true;
    node.offer(settings);
    const Frame told = node.bench.poll().at(0);
    check_storage(told);
    CHECK(state_of(told).is_settings());
    CHECK(node.set.empty());
    CHECK(node.update.state.settings == 0);
    node.seen(told);
    node.worn[kRecord] = false;
    CHECK(node.told(settings).state() == State::CONFIRMED);
    CHECK(node.set == std::vector<std::uint32_t>{60});
}

TEST_CASE("a confirmation that cannot be kept is none", "[device][update]") {
    Ready node;
    begin_trial(node);
    node.bench.add(1);
    CHECK(sequences(node.bench.poll()).size() == 1);
    node.worn[kRecord] = true;
    node.bench.receive(node.bench.ack(2, 2));
    CHECK(node.bench.poll().empty());
    CHECK(node.update.state.floor == 0);
    CHECK(node.update.state.running == 0);
    node.worn[kRecord] = false;
    node.bench.receive(node.bench.ack(2, 2));
    CHECK(state_of(node.bench.poll().at(0)).state() == State::CONFIRMED);
    node.start();
    CHECK_FALSE(hello_of(node.bench.poll().at(0)).on_trial());
}

TEST_CASE("an image that cannot be kept is given up, and may come again", "[device][update]") {
    Ready node;
    const auto fetch_up_to = [&](std::uint32_t bytes) {
        node.offer(node.signed_image());
        while (node.update.state.have < bytes) {
            for (const Frame& frame : node.bench.after(10)) {
                if (frame.type == kUpdateAsk) node.piece(frame);
            }
        }
    };
    Frame told;
    SECTION("its begin is not recorded") {
        node.worn[kRecord] = true;
        node.offer(node.signed_image());
        told = node.bench.poll().at(0);
    }
    SECTION("a page is not erased") {
        node.worn[kSlot] = true;
        node.offer(node.signed_image());
        told = node.finish();
    }
    SECTION("a piece is not programmed") {
        fetch_up_to(224);
        node.worn[kSlot] = true;
        told = node.finish();
    }
    SECTION("a whole page is not recorded") {
        fetch_up_to(448);
        node.worn[kRecord] = true;
        told = node.finish();
    }
    SECTION("that it was verified is not recorded") {
        fetch_up_to(kImageBytes);
        node.worn[kRecord] = true;
        told = node.finish();
    }
    check_storage(told);
    CHECK(node.update.state.stage == 0);
    node.worn = {};
    node.seen(told);
    CHECK(node.bench.after(9000).empty());
    REQUIRE(node.run(node.signed_image()));
    CHECK(node.running() == 5);
    CHECK(node.restarts == 1);
}

TEST_CASE("settings that a firmware took on trial outlive it", "[device][update]") {
    Ready node;
    begin_trial(node);
    node.works = false;
    CHECK(node.told(node.signer.sign(settings_of(1, 60))).state() == State::CONFIRMED);
    for (unsigned starts = 1; starts < PD_STARTS_MAX; ++starts) {
        node.start();
        CHECK(node.running() == 5);
        CHECK(node.set.size() == starts + 1);
    }
    node.start();
    CHECK(node.running() == 3);
    CHECK(node.set.back() == 60);
    CHECK(hello_of(node.bench.poll().at(0)).settings() == 1);
    node.welcome();
    CHECK(state_of(node.bench.poll().at(0)).state() == State::ROLLED_BACK);
}

TEST_CASE("any of the keys may sign, and no other", "[device][update]") {
    Ready node;
    std::array<std::array<std::uint8_t, PD_KEY_BYTES>, 2> keys{};
    pd_update_config config = node.update.config;
    config.keys = reinterpret_cast<const std::uint8_t(*)[PD_KEY_BYTES]>(keys.data());
    config.keys_count = 2;
    const std::size_t place = GENERATE(0u, 1u, 2u);
    for (std::size_t key = 0; key < keys.size(); ++key) {
        keys[key] = node.signer.key();
        if (key != place) keys[key][5] ^= 1;
    }
    REQUIRE(pd_update_open(&node.update, &config) == PD_OK);
    const State state = node.told(node.signed_image());
    CHECK(state.cause() == (place < keys.size() ? State::NONE : State::SIGNATURE));
}

TEST_CASE("a configuration of updates out of its bounds is not taken", "[device][update]") {
    Ready node;
    struct Parts {
        pd_update_config config;
        pd_slots slots;
        pd_flash slot, record;
    };
    using Change = std::function<void(Parts&)>;
    const auto opened = [&](const Change& change) {
        Parts parts{node.update.config, node.slots, *node.slots.slot[1], *node.slots.record};
        parts.slots.slot[1] = &parts.slot;
        parts.slots.record = &parts.record;
        parts.config.slots = &parts.slots;
        change(parts);
        pd_update update{};
        return pd_update_open(&update, &parts.config);
    };
    CHECK(opened([](Parts&) {}) == PD_OK);
    CHECK(opened([](Parts& it) { it.slot.pages = 1; }) == PD_OK);
    CHECK(opened([](Parts& it) { it.config.trial_ms = PD_TRIAL_MS_MIN; }) == PD_OK);
    CHECK(opened([](Parts& it) { it.config.works = nullptr; }) == PD_OK);
    const std::vector<Change> changes{
        [](Parts& it) { it.config.slots = nullptr; },
        [](Parts& it) { it.config.slot = 2; },
        [](Parts& it) { it.config.keys = nullptr; },
        [](Parts& it) { it.config.keys_count = 0; },
        [](Parts& it) { it.config.trial_ms = PD_TRIAL_MS_MIN - 1; },
        [](Parts& it) { it.config.verify = nullptr; },
        [](Parts& it) { it.config.set = nullptr; },
        [](Parts& it) { it.config.restart = nullptr; },
        [](Parts& it) { it.slots.slot[0] = nullptr; },
        [](Parts& it) { it.slots.slot[1] = nullptr; },
        [](Parts& it) { it.slots.record = nullptr; },
        [](Parts& it) { it.slot.pages = 0; },
        [](Parts& it) { it.slot.page_bytes = 511; },
        [](Parts& it) { it.slot.unit_bytes = 3; },
        [](Parts& it) { it.record.pages = 1; },
        [](Parts& it) { it.record.page_bytes = 516; },
        [](Parts& it) { it.slots.digest.begin = nullptr; },
        [](Parts& it) { it.slots.digest.add = nullptr; },
        [](Parts& it) { it.slots.digest.end = nullptr; }};
    for (std::size_t i = 0; i < changes.size(); ++i) {
        INFO("change " << i);
        CHECK(opened(changes[i]) == PD_INVALID);
    }
}
