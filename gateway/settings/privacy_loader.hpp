#pragma once
#include "gateway/settings/settings.hpp"
#include "gateway/settings/table_reader.hpp"

#include <optional>

namespace gateway::settings {

// [privacy] with [privacy.quarantine].
std::optional<Privacy> read_privacy(const Value& value, Loading& loading);

}  // namespace gateway::settings
