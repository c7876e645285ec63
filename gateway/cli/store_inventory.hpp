#pragma once
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace gateway::settings {
struct Settings;
}

namespace gateway::cli {

// What the gateway itself puts beside the fields of a dataset, and where everything lies. Texts are
// to be translated where they are shown. A system test compares these lists with what the built
// program writes and sends: what it does not find here fails it.

// A member of a batch or of its readings that no device sent.
struct AddedField {
    std::string_view name;
    const char* meaning;
};
std::span<const AddedField> added_fields();

struct StoredTable {
    std::string_view name;
    std::vector<std::string_view> columns;
    const char* meaning;
};
std::span<const StoredTable> stored_tables();

// A file, or several by a pattern with '*'.
struct StoredFile {
    std::string pattern;
    const char* meaning;
};
std::vector<StoredFile> stored_files(const settings::Settings& settings);

}  // namespace gateway::cli
