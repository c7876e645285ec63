#pragma once
#include <string_view>

namespace gateway::anonymise {

// The fields that every reading has. A rule of one of these names is for that field alone, and
// never for an attribute that a device gave the same name.
constexpr std::string_view kDeviceField = "device";
constexpr std::string_view kTimeField = "time";
constexpr std::string_view kValueField = "value";

constexpr bool is_of_every_reading(std::string_view field) {
    return field == kDeviceField || field == kTimeField || field == kValueField;
}

}  // namespace gateway::anonymise
