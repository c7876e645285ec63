#pragma once
#include "gateway/buffer/sqlite_statement.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace gateway::buffer {

struct NumberedName {
    std::uint64_t id;
    std::string name;
};

// A table of texts by number: `dataset` or `device`.
class NameTable {
  public:
    NameTable(SqliteConnection& connection, const std::string& table);

    model::Result<void> insert(std::uint64_t id, std::string_view name);
    model::Result<std::optional<std::string>> find(std::uint64_t id);
    model::Result<std::vector<NumberedName>> all();
    model::Result<std::uint64_t> last_id();  // 0 when it is empty
    model::Result<void> remove_below(std::uint64_t id);
    // The numbers below `id` that stand for this text, in ascending order.
    model::Result<std::vector<std::uint64_t>> numbers_of(std::string_view name, std::uint64_t id);
    model::Result<void> remove(std::uint64_t id);

  private:
    SqliteStatement insert_;
    SqliteStatement find_;
    SqliteStatement all_;
    SqliteStatement last_;
    SqliteStatement remove_;
    SqliteStatement numbers_;
    SqliteStatement remove_one_;
};

}  // namespace gateway::buffer
