// The power goes in a byte of an update, and comes back.
#include "update_bench.hpp"

extern "C" {
#include "firmware-bridge/device/pd_boot_state.h"
}

#include <catch2/catch.hpp>

#include <cstdlib>

using namespace firmware_bridge::test;

namespace {

constexpr std::uint64_t kCuts = 1000;
constexpr int kStartsMax = 20;
constexpr SimulatedFlash::Shape kShapes[] = {{13, 512, 1}, {13, 512, 32}, {9, 1024, 8}};

struct Life {
    std::uint64_t worked = 0;  // bytes, from the offer on
    int invalid_starts = 0;
    std::uint32_t faults = 0;
    int spoilt = 0;  // images that were whole and not what was signed
    bool done = false;
};

// An update whose power goes after so many bytes, as often as that comes to pass.
Life live(SimulatedFlash::Shape shape, std::uint32_t seed, std::uint64_t bytes, int cuts = 1) {
    UpdateBench node{shape, seed};
    node.images[5] = image_of(5, 2000);
    const std::string signed_manifest = node.signer.sign(manifest_of(5, node.images[5]));
    const std::string settings = node.signer.sign(settings_of(2, 60));
    const std::string later = node.signer.sign(settings_of(3, 61));
    node.start();
    const std::uint64_t before = node.flash.worked();
    node.flash.cut_after(bytes);
    Life life;
    for (int starts = 0; starts < kStartsMax && !life.done; ++starts) {
        (void)node.run(settings);
        (void)node.run(signed_manifest, later);
        for (const State& state : node.states) life.spoilt += state.cause() == State::DIGEST;
        (void)node.run(later);
        if (node.flash.is_off()) {
            node.flash.power_on();
            if (--cuts > 0) node.flash.cut_after(bytes);
            node.start();
            continue;
        }
        life.done = node.running() == 5 && node.update.state.floor == 5 &&
                    node.update.state.settings == 3 && !node.set.empty();
    }
    life.worked = node.flash.worked() - before;
    life.invalid_starts = node.invalid_starts;
    life.faults = node.flash.faults();
    return life;
}

}  // namespace

TEST_CASE(
    "whatever byte the power goes in, a valid slot starts and the update ends",
    "[device][update][cut]"
) {
    const bool every = std::getenv("PASSERELLE_EVERY_CUT") != nullptr;
    std::uint64_t lives = 0;
    for (const auto& shape : kShapes) {
        const Life whole = live(shape, 1, UINT64_MAX);
        REQUIRE(whole.done);
        REQUIRE(whole.invalid_starts == 0);
        const std::uint64_t step = every ? 1 : whole.worked * std::size(kShapes) / kCuts;
        for (std::uint64_t bytes = lives % step; bytes < whole.worked; bytes += step) {
            const Life life = live(shape, static_cast<std::uint32_t>(bytes + 1), bytes);
            INFO("cut after " << bytes << " of " << whole.worked);
            REQUIRE(life.invalid_starts == 0);
            REQUIRE(life.spoilt == 0);
            REQUIRE(life.faults == 0);
            REQUIRE(life.done);
            ++lives;
        }
    }
    REQUIRE(lives >= kCuts);
    if (every) WARN(lives << " losses of power");
}

TEST_CASE("power that goes again and again is survived", "[device][update][cut]") {
    std::mt19937 random{9};
    for (int lives = 0; lives < 100; ++lives) {
        const Life life =
            live(kShapes[1], static_cast<std::uint32_t>(random()), 600 + random() % 3000, 8);
        REQUIRE(life.invalid_starts == 0);
        REQUIRE(life.spoilt == 0);
        REQUIRE(life.faults == 0);
        REQUIRE(life.done);
    }
}

TEST_CASE(
    "the record has the former state or the new one, however often it is cut short",
    "[device][update][cut]"
) {
    for (const SimulatedFlash::Shape& shape :
         {SimulatedFlash::Shape{2, 512, 1}, {2, 512, 32}, {3, 1024, 8}}) {
        std::mt19937 random{shape.unit_bytes};
        SimulatedFlash flash{shape, 3};
        pd_boot_log log{};
        pd_boot_state state{};
        pd_boot_open(&log, flash.get(), &state);
        REQUIRE(state.settings == 0);
        int written = 0, kept = 0;
        for (int starts = 0; starts < 3000; ++starts) {
            flash.cut_after(random() % (starts % 2 == 0 ? 300 : 2000));
            pd_boot_state wanted = state;
            bool is_written = true;
            for (int n = 0; is_written && n < 4; ++n) {  // several in one page
                state = wanted;
                wanted.settings = state.settings + 1;
                wanted.have = static_cast<std::uint32_t>(random());
                is_written = pd_boot_write(&log, &wanted);
                if (is_written) state = wanted;
            }
            written += is_written;
            flash.power_on();
            pd_boot_state found{};
            pd_boot_open(&log, flash.get(), &found);
            const bool is_new = found.settings == wanted.settings && found.have == wanted.have;
            const bool is_former = found.settings == state.settings && found.have == state.have;
            REQUIRE((is_new || is_former));
            kept += !is_new;
            state = found;
        }
        CHECK(written > 100);
        CHECK(kept > 100);
        CHECK(flash.faults() == 0);
    }
}
