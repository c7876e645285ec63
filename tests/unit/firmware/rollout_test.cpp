#include "tests/unit/firmware/fleet.hpp"

#include <catch2/catch.hpp>

#include <algorithm>

using namespace tests::firmware;
using namespace std::chrono_literals;

TEST_CASE("nothing is offered before somebody rolls it out", "[firmware]") {
    Fleet fleet(3);
    fleet.rollout.add(update_of(1, 7));
    CHECK(fleet.offers() == 0);
    CHECK(fleet.rollout.start(2, Stage::all) == "unknown");
    CHECK_FALSE(fleet.rollout.start(1, Stage::all));
    CHECK(fleet.offers() == 1);
}

TEST_CASE("one device goes first, then a tenth, then all", "[firmware]") {
    Fleet fleet(30);
    fleet.begin();
    CHECK(fleet.ask(5) == 7);
    CHECK(fleet.offers() == 1);
    fleet.take(5, 7);
    CHECK(fleet.stage(1) == Stage::tenth);
    CHECK(fleet.offers() == 2);  // three with the first
    fleet.take(1, 7);
    CHECK(fleet.stage(1) == Stage::tenth);
    fleet.take(2, 7);
    CHECK(fleet.stage(1) == Stage::all);
    CHECK(fleet.offers() == 27);
    for (std::size_t i = 1; i <= 30; ++i) {
        if (fleet.device(i).firmware == 1) fleet.take(i, 7);
    }
    CHECK(fleet.state(1) == UpdateState::done);
    CHECK(fleet.offers() == 0);
}

TEST_CASE("a rollout goes no further than it was told to, and on when it is", "[firmware]") {
    Fleet fleet(20);
    fleet.rollout.add(update_of(1, 7));
    fleet.rollout.start(1, Stage::one);
    REQUIRE(fleet.ask(1) == 7);
    fleet.take(1, 7);
    CHECK(fleet.state(1) == UpdateState::paused);
    CHECK(fleet.offers() == 0);
    fleet.rollout.start(1, Stage::tenth);
    CHECK(fleet.offers() == 1);
    fleet.take(2, 7);
    CHECK(fleet.state(1) == UpdateState::paused);
    fleet.rollout.start(1, Stage::all);
    CHECK(fleet.offers() == 18);
}

TEST_CASE("a device that comes when all have it gets it too", "[firmware]") {
    Fleet fleet(1);
    fleet.begin();
    REQUIRE(fleet.ask(1) == 7);
    fleet.take(1, 7);
    CHECK(fleet.state(1) == UpdateState::done);
    const Update* offered = fleet.rollout.introduce(device_of("late", 3));
    REQUIRE(offered != nullptr);
    CHECK(fleet.state(1) == UpdateState::running);
}

TEST_CASE("what goes wrong stops the rollout for all", "[firmware]") {
    Fleet fleet(30);
    fleet.begin();
    REQUIRE(fleet.ask(1) == 7);
    std::string why;
    SECTION("the image is not what was signed") {
        fleet.say(1, 7, DeviceState::failed, 6);
        why = "digest";
    }
    SECTION("the device says that it went back") {
        fleet.say(1, 7, DeviceState::verified);
        fleet.say(1, 7, DeviceState::rolled_back);
        why = "rolled-back";
    }
    SECTION("the device runs what it had before") {
        fleet.say(1, 7, DeviceState::verified);
        fleet.device(1).firmware = 7;
        fleet.device(1).is_on_trial = true;
        CHECK(fleet.ask(1) == 0);
        CHECK(fleet.step(1).state == DeviceState::rebooted);
        fleet.device(1).firmware = 1;
        fleet.device(1).is_on_trial = false;
        CHECK(fleet.ask(1) == 0);
        why = "rolled-back";
    }
    SECTION("the device does not come back") {
        fleet.say(1, 7, DeviceState::verified);
        fleet.clock.advance(59min);
        fleet.rollout.watch();
        CHECK(fleet.state(1) == UpdateState::running);
        fleet.clock.advance(2min);
        fleet.rollout.watch();
        why = "silent";
    }
    CHECK(fleet.state(1) == UpdateState::stopped);
    CHECK(fleet.rollout.updates().at(1).why == why);
    CHECK(fleet.offers() == 0);
    CHECK(fleet.rollout.image_for(identify("line", "m1"), 7) == nullptr);
    // Somebody has looked: who failed may try again.
    CHECK_FALSE(fleet.rollout.start(1, Stage::all));
    CHECK(fleet.ask(1) == 7);
}

TEST_CASE("an update is for who can take it", "[firmware]") {
    Fleet fleet(0);
    auto update = update_of(1, 7);
    std::get<Image>(update.manifest.content).sequence_min = 3;
    fleet.rollout.add(update);
    fleet.rollout.start(1, Stage::all);
    auto device = device_of("m", 3);
    bool is_offered = false;
    SECTION("it is") {
        is_offered = true;
    }
    SECTION("another vendor") {
        device.vendor = "other";
    }
    SECTION("another class") {
        device.device_class = "valve";
    }
    SECTION("too little room") {
        device.image_bytes_max = 999;
    }
    SECTION("no updates at all") {
        device.image_bytes_max = 0;
    }
    SECTION("too old a firmware") {
        device.firmware = 2;
    }
    SECTION("the same firmware") {
        device.firmware = 7;
    }
    SECTION("a newer one") {
        device.firmware = 8;
    }
    SECTION("it tries another") {
        device.is_on_trial = true;
    }
    CHECK((fleet.rollout.introduce(device) != nullptr) == is_offered);
}

TEST_CASE("an update for one node is for no other", "[firmware]") {
    Fleet fleet(3);
    auto update = update_of(1, 7);
    update.manifest.node = "m2";
    update.manifest.content = DeviceSettings{60};
    fleet.rollout.add(update);
    fleet.rollout.start(1, Stage::all);
    CHECK(fleet.ask(1) == 0);
    CHECK(fleet.ask(2) == 7);
    fleet.rollout.report(identify("line", "m2"), {7, true, DeviceState::confirmed, 0, 0});
    CHECK(fleet.state(1) == UpdateState::done);
    CHECK(fleet.rollout.devices().at(identify("line", "m2")).settings == 7);
}

TEST_CASE("nothing is offered whose time is over, or while nobody knows the time", "[firmware]") {
    Fleet fleet(1);
    fleet.begin();
    fleet.clock.distrust();
    CHECK(fleet.ask(1) == 0);
    fleet.clock.trust();
    fleet.clock.set(runtime::WallClock::Instant{2'000'000'000s});
    CHECK(fleet.ask(1) == 0);
    CHECK(fleet.rollout.start(1, Stage::all) == "expired");
}

TEST_CASE("a newer update takes the place of an older, and not the other way", "[firmware]") {
    Fleet fleet(2);
    fleet.rollout.add(update_of(1, 7));
    fleet.rollout.add(update_of(2, 8));
    fleet.rollout.start(1, Stage::all);
    REQUIRE(fleet.ask(1) == 7);
    fleet.rollout.start(2, Stage::all);
    CHECK(fleet.state(1) == UpdateState::aborted);
    CHECK(fleet.ask(1) == 8);
    CHECK(fleet.rollout.start(1, Stage::all) == "aborted");
    fleet.rollout.add(update_of(3, 6));
    CHECK(fleet.rollout.start(3, Stage::all) == "newer-runs");
}

TEST_CASE("a device with a newer firmware proves nothing about an older one", "[firmware]") {
    Fleet fleet(3);
    fleet.device(3).firmware = 9;
    fleet.rollout.introduce(fleet.device(3));
    fleet.begin();
    CHECK(fleet.ask(3) == 0);
    CHECK(fleet.stage(1) == Stage::one);
    CHECK(fleet.offers() == 1);
}

TEST_CASE(
    "an image that was signed with another number than it has stops the rollout", "[firmware]"
) {
    const std::uint32_t built = GENERATE(6u, 8u);
    Fleet fleet(2);
    fleet.begin();
    REQUIRE(fleet.ask(1) == 7);
    fleet.say(1, 7, DeviceState::verified);
    fleet.device(1).firmware = built;
    fleet.device(1).is_on_trial = true;
    CHECK(fleet.offers() == 0);
    fleet.device(1).firmware = 1;
    fleet.device(1).is_on_trial = false;
    fleet.rollout.introduce(fleet.device(1));
    fleet.say(1, 7, DeviceState::rolled_back);
    CHECK(fleet.state(1) == UpdateState::stopped);
    CHECK(fleet.offers() == 0);
}

TEST_CASE("a device that is taking one update is offered no other", "[firmware]") {
    Fleet fleet(1);
    auto for_one = update_of(1, 7);
    for_one.manifest.node = "m1";
    fleet.rollout.add(for_one);
    fleet.rollout.add(update_of(2, 8));
    fleet.rollout.start(1, Stage::all);
    REQUIRE(fleet.ask(1) == 7);
    fleet.say(1, 7, DeviceState::verified);
    fleet.rollout.start(2, Stage::all);
    CHECK(fleet.ask(1) == 0);
    CHECK(fleet.step(1).update == 1);
    fleet.take(1, 7);
    CHECK(fleet.ask(1) == 8);
}

TEST_CASE("a rollout does not go back to an earlier stage", "[firmware]") {
    Fleet fleet(20);
    fleet.begin();
    REQUIRE(fleet.ask(1) == 7);
    fleet.take(1, 7);
    REQUIRE(fleet.stage(1) == Stage::tenth);
    CHECK(fleet.rollout.start(1, Stage::one) == "further");
}

TEST_CASE("an image is for who was offered it, as long as it is under way", "[firmware]") {
    Fleet fleet(2);
    fleet.begin();
    REQUIRE(fleet.ask(1) == 7);
    CHECK(fleet.rollout.image_for(identify("line", "m1"), 7) != nullptr);
    CHECK(fleet.rollout.image_for(identify("line", "m1"), 6) == nullptr);
    CHECK(fleet.rollout.image_for(identify("line", "m2"), 7) == nullptr);
    fleet.rollout.abort(1);
    CHECK(fleet.rollout.image_for(identify("line", "m1"), 7) == nullptr);
}

TEST_CASE("a rollout goes on after a restart as if there had been none", "[firmware]") {
    Fleet fleet(30);
    fleet.begin();
    REQUIRE(fleet.ask(1) == 7);
    fleet.take(1, 7);
    REQUIRE(fleet.ask(2) == 7);
    fleet.say(2, 7, DeviceState::verified);

    Rollout again(fleet.clock, identify);
    std::vector<Update> updates;
    std::vector<KnownDevice> devices;
    for (const auto& [number, update] : fleet.rollout.updates()) updates.push_back(update);
    for (const auto& [id, device] : fleet.rollout.devices()) devices.push_back(device);
    again.restore(updates, devices);
    CHECK(again.introduce(fleet.device(2)) == nullptr);  // it is about to restart
    CHECK(again.introduce(fleet.device(3)) != nullptr);  // the third of a tenth
    CHECK(again.introduce(fleet.device(4)) == nullptr);
}

TEST_CASE("the changes are what has to be stored, once", "[firmware]") {
    Fleet fleet(1);
    fleet.rollout.take_changes();
    fleet.begin();
    CHECK(fleet.rollout.take_changes().updates.size() == 1);
    REQUIRE(fleet.ask(1) == 7);
    const auto changes = fleet.rollout.take_changes();
    REQUIRE(changes.devices.size() == 1);
    CHECK(changes.devices[0].step(false).update == 1);
    CHECK(fleet.ask(1) == 7);
    CHECK(fleet.rollout.take_changes().devices.empty());
}

TEST_CASE("of too many devices the one that was not heard for longest goes", "[firmware]") {
    Fleet fleet(1);
    for (std::size_t i = 0; i < Rollout::kDevicesMax; ++i) {
        fleet.clock.advance(1ms);
        fleet.rollout.introduce(device_of("x" + std::to_string(i), 1));
    }
    CHECK(fleet.rollout.devices().size() <= Rollout::kDevicesMax);
    CHECK_FALSE(fleet.rollout.devices().contains(identify("line", "m1")));
}
