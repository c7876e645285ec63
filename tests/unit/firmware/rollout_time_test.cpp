// What time brings about in a rollout.
#include "tests/unit/firmware/fleet.hpp"

#include <catch2/catch.hpp>

#include <map>
#include <utility>
#include <vector>

using namespace tests::firmware;
using namespace std::chrono_literals;

namespace {

constexpr std::chrono::hours kMonthAndADay{31 * 24};

// What the disk has of the devices.
class Disk {
  public:
    void store(Rollout& rollout) {
        const auto changes = rollout.take_changes();
        for (const auto& device : changes.devices) devices_[device.id] = device;
        for (const auto& id : changes.forgotten) devices_.erase(id);
    }
    std::vector<KnownDevice> load() const {
        std::vector<KnownDevice> devices;
        for (const auto& [id, device] : devices_) devices.push_back(device);
        return devices;
    }

  private:
    std::map<DeviceId, KnownDevice> devices_;
};

// An hour in which the device comes by as it is.
void hear(Fleet& fleet, std::size_t number) {
    fleet.clock.advance(1h);
    fleet.rollout.introduce(fleet.device(number));
    fleet.rollout.watch();
}

}  // namespace

TEST_CASE("a device that falls silent before it has all leaves its place", "[firmware]") {
    Fleet fleet(30);
    fleet.begin();
    REQUIRE(fleet.ask(1) == 7);
    fleet.say(1, 7, DeviceState::downloading);
    CHECK(fleet.ask(2) == 0);
    fleet.clock.advance(61min);
    fleet.rollout.watch();
    CHECK(fleet.state(1) == UpdateState::running);
    CHECK(fleet.ask(2) == 7);
}

TEST_CASE(
    "a device that is heard and comes no further stops the rollout after a day", "[firmware]"
) {
    const bool moves = GENERATE(false, true);
    Fleet fleet(2);
    fleet.rollout.add(update_of(1, 7));
    fleet.rollout.start(1, Stage::one);
    REQUIRE(fleet.ask(1) == 7);
    for (std::uint32_t hour = 0; hour < 26; ++hour) {
        hear(fleet, 1);
        if (moves && hour == 12)
            fleet.rollout.report(
                identify("line", "m1"), {7, false, DeviceState::downloading, 0, 224}
            );
    }
    CHECK((fleet.state(1) == UpdateState::running) == moves);
    CHECK(fleet.step(1).cause == (moves ? "" : "standstill"));
}

TEST_CASE("a day without a trusted clock is no standstill", "[firmware]") {
    Fleet fleet(1);
    fleet.begin();
    REQUIRE(fleet.ask(1) == 7);
    fleet.clock.distrust();
    for (int hour = 0; hour < 26; ++hour) hear(fleet, 1);
    fleet.clock.trust();
    hear(fleet, 1);
    CHECK(fleet.state(1) == UpdateState::running);
}

TEST_CASE("one that has expired does not keep a device from the next", "[firmware]") {
    Fleet fleet(1);
    auto for_one = update_of(1, 7);
    for_one.manifest.node = "m1";
    for_one.manifest.expires = std::chrono::floor<std::chrono::seconds>(fleet.clock.now()) + 30min;
    fleet.rollout.add(for_one);
    fleet.rollout.add(update_of(2, 8));
    fleet.rollout.start(1, Stage::all);
    REQUIRE(fleet.ask(1) == 7);
    fleet.rollout.start(2, Stage::all);
    CHECK(fleet.ask(1) == 7);
    hear(fleet, 1);
    CHECK(fleet.ask(1) == 8);
}

TEST_CASE("what went wrong first is why a rollout stopped", "[firmware]") {
    Fleet fleet(30);
    fleet.begin();
    REQUIRE(fleet.ask(1) == 7);
    fleet.take(1, 7);
    REQUIRE(fleet.ask(2) == 7);
    REQUIRE(fleet.ask(3) == 7);
    fleet.say(2, 7, DeviceState::verified);
    fleet.say(3, 7, DeviceState::rolled_back);
    fleet.clock.advance(61min);
    fleet.rollout.watch();
    CHECK(fleet.step(2).cause == "silent");
    CHECK(fleet.rollout.updates().at(1).why == "rolled-back");
}

TEST_CASE("a device that had it and runs an older one is offered it again", "[firmware]") {
    Fleet fleet(1);
    fleet.begin();
    REQUIRE(fleet.ask(1) == 7);
    fleet.take(1, 7);
    REQUIRE(fleet.state(1) == UpdateState::done);
    // The board was changed for one out of the cupboard.
    fleet.device(1).firmware = 1;
    CHECK(fleet.ask(1) == 7);
    CHECK(fleet.state(1) == UpdateState::running);
    CHECK(fleet.step(1).state == DeviceState::offered);
}

TEST_CASE("a device that is not heard for a month is forgotten", "[firmware]") {
    Fleet fleet(1);
    fleet.rollout.take_changes();
    fleet.clock.advance(std::chrono::hours{24 * 31});
    fleet.rollout.watch();
    CHECK(fleet.rollout.devices().empty());
    CHECK(fleet.rollout.take_changes().forgotten.size() == 1);
}

TEST_CASE("a device that is heard every hour is known after a month and a restart", "[firmware]") {
    Fleet fleet(1);
    Disk disk;
    for (auto passed = 0h; passed < kMonthAndADay; passed += 1h) {
        hear(fleet, 1);
        disk.store(fleet.rollout);
    }
    Rollout again(fleet.clock, identify);
    again.restore({}, disk.load());
    again.watch();
    CHECK(again.devices().size() == 1);
}
