#pragma once
#include "gateway/firmware/rollout.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace tests::firmware {

using namespace gateway;
using namespace gateway::firmware;

// A name is its own hash here.
inline DeviceId identify(std::string_view source, std::string_view name) {
    DeviceId id{};
    std::string text(source);
    text += '/';
    text += name;
    for (std::size_t i = 0; i < text.size(); ++i)
        id[i % id.size()] ^= static_cast<std::byte>(text[i] + static_cast<char>(i));
    return id;
}

inline Update update_of(std::uint32_t number, std::uint32_t sequence) {
    Update update;
    update.number = number;
    update.manifest.vendor = "maker";
    update.manifest.device_class = "meter";
    update.manifest.sequence = sequence;
    update.manifest.expires = std::chrono::sys_seconds(std::chrono::seconds{2'000'000'000});
    update.manifest.content = Image{1000, {}, 0};
    return update;
}

inline Device device_of(const std::string& name, std::uint32_t firmware) {
    Device device;
    device.source = "line";
    device.name = name;
    device.vendor = "maker";
    device.device_class = "meter";
    device.firmware = firmware;
    device.image_bytes_max = 4096;
    return device;
}

// Devices m1, m2 … that run firmware 1, and what they are told.
class Fleet {
  public:
    explicit Fleet(std::size_t size) {
        for (std::size_t i = 1; i <= size; ++i) {
            devices_.push_back(device_of("m" + std::to_string(i), 1));
            rollout.introduce(devices_.back());
        }
    }

    // Update 1, of sequence 7, is rolled out to all.
    void begin() {
        rollout.add(update_of(1, 7));
        rollout.start(1, Stage::all);
    }
    Device& device(std::size_t number) { return devices_[number - 1]; }
    // The sequence that it is offered; 0: none.
    std::uint32_t ask(std::size_t number) {
        const Update* update = rollout.introduce(device(number));
        return update == nullptr ? 0 : update->sequence();
    }
    std::size_t offers() {
        std::size_t offers = 0;
        for (std::size_t i = 1; i <= devices_.size(); ++i) offers += ask(i) != 0 ? 1u : 0u;
        return offers;
    }
    void say(
        std::size_t number, std::uint32_t sequence, DeviceState state, std::uint32_t cause = 0
    ) {
        rollout.report(identify("line", device(number).name), {sequence, false, state, cause, 0});
    }
    void take(std::size_t number, std::uint32_t sequence) {
        say(number, sequence, DeviceState::downloading);
        say(number, sequence, DeviceState::verified);
        device(number).firmware = sequence;
        device(number).is_on_trial = true;
        rollout.introduce(device(number));
        say(number, sequence, DeviceState::confirmed);
        device(number).is_on_trial = false;
    }
    const Step& step(std::size_t number) {
        return rollout.devices().at(identify("line", device(number).name)).step(false);
    }
    UpdateState state(std::uint32_t number) const { return rollout.updates().at(number).state; }
    Stage stage(std::uint32_t number) const { return rollout.updates().at(number).stage; }

    runtime::ManualClock clock{runtime::WallClock::Instant{std::chrono::seconds{1'800'000'000}}};
    Rollout rollout{clock, identify};

  private:
    std::vector<Device> devices_;
};

}  // namespace tests::firmware
