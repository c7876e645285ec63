#pragma once
#include "gateway/firmware/depot.hpp"
#include "gateway/runtime/clock.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>

namespace gateway::firmware {

// A keyed hash of a way in and a device's name there.
using DeviceId = std::array<std::byte, 16>;

// How far a device is with an update.
struct Step {
    std::uint32_t update = 0;  // its number; 0: it was offered none yet
    DeviceState state = DeviceState::offered;
    std::string cause;                    // of a failure: a stable word
    std::uint32_t offset = 0;             // bytes of the image that it has
    runtime::WallClock::Instant since{};  // of the last progress: a stamp() of this boot

    // It was offered the update, and nobody knows yet how that ends.
    bool is_open() const { return update != 0 && state != DeviceState::confirmed && !has_failed(); }
    bool has_failed() const {
        return update != 0 && (state == DeviceState::failed || state == DeviceState::rolled_back);
    }
};

// What is known of a device, but for its name.
struct KnownDevice {
    DeviceId id{};
    std::string source;
    std::string label;
    std::string vendor;
    std::string device_class;
    std::uint32_t firmware = 0;
    std::uint32_t settings = 0;
    std::uint32_t image_bytes_max = 0;
    bool is_on_trial = false;
    runtime::WallClock::Instant heard{};  // a stamp() of this boot
    std::array<Step, 2> steps{};          // of an image, of settings

    Step& step(bool is_settings) { return steps[is_settings ? 1 : 0]; }
    const Step& step(bool is_settings) const { return steps[is_settings ? 1 : 0]; }
};

}  // namespace gateway::firmware
