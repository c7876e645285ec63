#include "gateway/aggregate/former_datasets.hpp"

#include <algorithm>
#include <cstdint>
#include <vector>

namespace gateway::aggregate {
namespace {

model::Result<std::vector<std::int64_t>> datasets_but(
    SpoolFile& file, std::span<const std::string> names
) {
    buffer::SqliteStatement datasets(file.connection(), "SELECT id, name FROM dataset");
    std::vector<std::int64_t> former;
    auto query = datasets.query();
    while (true) {
        const auto found = query.next();
        if (!found) return found.error();
        if (!*found) return former;
        const auto name = query.text(1);
        if (std::find(names.begin(), names.end(), name) == names.end())
            former.push_back(query.integer(0));
    }
}

model::Result<void> remove_rows(buffer::SqliteConnection& connection, std::int64_t dataset) {
    for (const char* removal :
         {"DELETE FROM contribution WHERE window IN (SELECT id FROM window WHERE dataset = ?)",
          "DELETE FROM window WHERE dataset = ?",
          "DELETE FROM meter_index WHERE dataset = ?"}) {
        buffer::SqliteStatement statement(connection, removal);
        if (auto removed = statement.execute(dataset); !removed) return removed;
    }
    return {};
}

}  // namespace

model::Result<void> forget_former_datasets(
    SpoolFile& file, anonymise::KeyRing& keys, std::span<const std::string> names
) {
    const auto former = datasets_but(file, names);
    if (!former) return former.error();
    for (const std::int64_t dataset : *former) {
        auto destroyed = keys.destroy_all(std::to_string(dataset).append("."));
        if (!destroyed) return destroyed;
        auto removed = file.transact([&] { return remove_rows(file.connection(), dataset); });
        if (!removed) return removed;
    }
    return {};
}

}  // namespace gateway::aggregate
