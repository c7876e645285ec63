#pragma once
#include "gateway/settings/table_reader.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

namespace gateway::settings {

inline constexpr std::size_t kFirmwareKeysMax = 4;

// firmware_keys of [gateway]: at most kFirmwareKeysMax public keys, none of them twice.
std::optional<std::vector<std::string>> read_firmware_keys(const Value& value, Loading& loading);

}  // namespace gateway::settings
