#pragma once
#include "gateway/settings/settings.hpp"
#include "gateway/settings/table_reader.hpp"

#include <map>
#include <optional>
#include <string>

namespace gateway::settings {

// { file = "…" } or { credential = "…" }. A secret written into the configuration is refused, and
// so is a secret file that every user of the machine can read.
std::optional<Secret> read_secret(const Value& value, Loading& loading);

// A table of identities and their secrets.
std::optional<std::map<std::string, Secret>> read_secrets(const Value& value, Loading& loading);

}  // namespace gateway::settings
