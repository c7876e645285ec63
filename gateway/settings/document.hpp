#pragma once
#include "gateway/settings/diagnostic.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace gateway::settings {

// A configuration file as a tree in which every key and value knows its place. Keeps the TOML
// library out of the loaders.
struct Value;
struct Entry;

struct Table {
    std::vector<Entry> entries;  // in the order of the file

    const Value* find(std::string_view key) const;  // null if there is none
};

using Array = std::vector<Value>;
struct DateTime {};  // TOML's dates and times: no key takes one

struct Value {
    std::string key;  // the key it belongs to; an array's elements carry the array's
    Position at;      // of the value; a table's is that of its header
    std::variant<std::string, std::int64_t, double, bool, DateTime, Array, Table> content;
};

struct Entry {
    std::string key;
    Position at;  // of the key
    Value value;
};

inline constexpr std::size_t kConfigurationBytesMax = 1 << 20;

// Parses TOML 1.0. What is not TOML becomes a diagnostic.
std::optional<Table> parse_document(std::string_view text, Diagnostics& diagnostics);

// What stands before the line that is not TOML, in whole lines; empty where nothing of it can be
// read.
Table parse_beginning(std::string_view text);

}  // namespace gateway::settings
