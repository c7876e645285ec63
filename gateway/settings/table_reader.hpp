#pragma once
#include "gateway/model/time.hpp"
#include "gateway/settings/document.hpp"

#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace gateway::settings {

// What the readers of values share while one file is loaded.
struct Loading {
    Diagnostics& diagnostics;
    std::filesystem::path directory;  // of the file: relative paths in it start here
    bool look_at_files = true;        // whether the files it names must exist, be readable, private
    std::string credentials_directory;  // $CREDENTIALS_DIRECTORY; empty outside a systemd service
    model::Instant now{};               // to tell what has ended
};

// Reads the value of one key: nothing, and a diagnostic, if it is not acceptable.
template <class T>
using Reader = std::optional<T> (*)(const Value& value, Loading& loading);

enum class Presence { optional, required };

// One key a table may have and what its value does to the settings. The keys of a table are a
// constant array of these: the loader is data, not branches.
template <class T>
struct Key {
    std::string_view name;
    void (*read)(const Value& value, Loading& loading, T& settings);
    Presence presence = Presence::optional;
    bool is_table = false;  // written as [name], not as name = …
};

template <class Class, class Type>
Class owner_of(Type Class::*member);

// Puts what `Read` makes of a value into the member `Member`.
template <auto Member, auto Read>
void into(const Value& value, Loading& loading, decltype(owner_of(Member))& settings) {
    if (auto read = Read(value, loading)) settings.*Member = std::move(*read);
}

// Goes through one table by the keys it may have; what is left over in the end is unknown.
class TableReader {
  public:
    // `title` as the operator writes it, "[gateway]"; `at` is where a missing key is reported.
    TableReader(const Table& table, Position at, std::string_view title, Loading& loading)
        : table_(table), at_(at), title_(title), loading_(loading) {}

    template <class T>
    void read(std::span<const Key<T>> keys, T& settings) {
        for (const Key<T>& key : keys) {
            if (const Value* value = take(key.name, key.presence, key.is_table))
                key.read(*value, loading_, settings);
        }
    }

    // The value of a key that the caller reads itself; null if it is not there.
    const Value* take(
        std::string_view name, Presence presence = Presence::optional, bool is_table = false
    );

    // Keys that exist, but not together with this table's driver, kind or format.
    void know_elsewhere(std::string_view name, std::string_view where);

    // An error for each key that was not asked for. The last call.
    void reject_the_rest();

  private:
    struct Elsewhere {
        std::string_view name;
        std::string_view where;
    };
    std::string remedy_for(std::string_view unknown) const;

    const Table& table_;
    Position at_;
    std::string_view title_;
    Loading& loading_;
    std::vector<std::string_view> known_;
    std::vector<Elsewhere> elsewhere_;
};

// The table under `value`; null and a diagnostic if it is none.
const Table* as_table(const Value& value, Loading& loading);

// A table of settings with a fixed set of keys.
template <class T>
std::optional<T> read_table(
    const Value& value, std::string_view title, std::span<const Key<T>> keys, Loading& loading
) {
    const Table* table = as_table(value, loading);
    if (table == nullptr) return std::nullopt;
    T settings;
    TableReader reader{*table, value.at, title, loading};
    reader.read(keys, settings);
    reader.reject_the_rest();
    return settings;
}

}  // namespace gateway::settings
