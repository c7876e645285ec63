#include "gateway/buffer/name_table.hpp"

#include "gateway/buffer/sqlite_connection.hpp"

namespace gateway::buffer {

NameTable::NameTable(SqliteConnection& connection, const std::string& table)
    : insert_(connection, "INSERT OR REPLACE INTO " + table + " (id, name) VALUES (?, ?)"),
      find_(connection, "SELECT name FROM " + table + " WHERE id = ?"),
      all_(connection, "SELECT id, name FROM " + table + " ORDER BY id"),
      last_(connection, "SELECT coalesce(max(id), 0) FROM " + table),
      remove_(connection, "DELETE FROM " + table + " WHERE id < ?"),
      numbers_(connection, "SELECT id FROM " + table + " WHERE name = ? AND id < ? ORDER BY id"),
      remove_one_(connection, "DELETE FROM " + table + " WHERE id = ?") {}

model::Result<void> NameTable::insert(std::uint64_t id, std::string_view name) {
    return insert_.execute(id, name);
}

model::Result<std::optional<std::string>> NameTable::find(std::uint64_t id) {
    auto query = find_.query(id);
    const auto found = query.next();
    if (!found) return found.error();
    if (!*found) return std::optional<std::string>{};
    return std::optional<std::string>(query.text(0));
}

model::Result<std::vector<NumberedName>> NameTable::all() {
    std::vector<NumberedName> names;
    auto query = all_.query();
    while (true) {
        const auto found = query.next();
        if (!found) return found.error();
        if (!*found) return names;
        names.push_back(NumberedName{
            static_cast<std::uint64_t>(query.integer(0)), std::string(query.text(1))});
    }
}

model::Result<std::uint64_t> NameTable::last_id() {
    auto query = last_.query();
    const auto found = query.next();
    if (!found) return found.error();
    return static_cast<std::uint64_t>(query.integer(0));
}

model::Result<void> NameTable::remove_below(std::uint64_t id) {
    return remove_.execute(id);
}

model::Result<std::vector<std::uint64_t>> NameTable::numbers_of(
    std::string_view name, std::uint64_t id
) {
    std::vector<std::uint64_t> numbers;
    auto query = numbers_.query(name, id);
    while (true) {
        const auto found = query.next();
        if (!found) return found.error();
        if (!*found) return numbers;
        numbers.push_back(static_cast<std::uint64_t>(query.integer(0)));
    }
}

model::Result<void> NameTable::remove(std::uint64_t id) {
    return remove_one_.execute(id);
}

}  // namespace gateway::buffer
