#pragma once
#include "gateway/model/result.hpp"

#include <array>
#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>
#include <variant>

namespace gateway::firmware {

// A firmware for devices, as its manifest has it.
struct Image {
    static constexpr std::uint32_t kBytesMax = 16u << 20;
    std::uint32_t size = 0;  // bytes
    std::array<std::uint8_t, 32> sha256{};
    std::uint32_t sequence_min = 0;  // firmware that a device must have already; 0: any
};

// What devices are told to do from now on.
struct DeviceSettings {
    std::uint32_t reporting_interval_s = 0;  // 1 to 86400
};

// What is to run on devices, or to be in force there (RFC 9019; RFC 9124). Of proto/passerelle/v1.
struct Manifest {
    static constexpr std::size_t kBytesMax = 160;
    static constexpr std::size_t kWordBytesMax = 24;  // of vendor and class
    static constexpr std::size_t kNodeBytesMax = 32;

    std::string vendor;
    std::string device_class;
    std::uint32_t sequence = 0;  // never 0
    std::chrono::sys_seconds expires{};
    std::string node;  // the only device that it is for; empty: all of the class
    std::variant<Image, DeviceSettings> content;

    bool is_settings() const { return std::holds_alternative<DeviceSettings>(content); }
};

}  // namespace gateway::firmware
