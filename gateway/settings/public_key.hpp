#pragma once
#include "gateway/settings/table_reader.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace gateway::settings {

// A public key of 32 bytes in base64, as written. `command` is the one that makes a pair, for who
// wrote something else. One key has one text: two texts that differ are two keys.
std::optional<std::string> read_public_key(
    const Value& value, std::string_view command, Loading& loading
);

}  // namespace gateway::settings
