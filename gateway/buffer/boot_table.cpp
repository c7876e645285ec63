#include "gateway/buffer/boot_table.hpp"

#include "gateway/buffer/sqlite_connection.hpp"

#include <algorithm>

namespace gateway::buffer {
namespace {

bool contains(const BootRanges& ranges, const BootRange& range) {
    return std::find(ranges.all().begin(), ranges.all().end(), range) != ranges.all().end();
}

}  // namespace

BootTable::BootTable(SqliteConnection& connection)
    : all_(
          connection,
          "SELECT first_sequence, boot_id, began, state FROM boot ORDER BY first_sequence"
      ),
      save_(
          connection,
          "INSERT OR REPLACE INTO boot (first_sequence, boot_id, began, state) VALUES (?, ?, ?, ?)"
      ),
      remove_(connection, "DELETE FROM boot WHERE first_sequence = ?") {}

model::Result<BootRanges> BootTable::load() {
    std::vector<BootRange> ranges;
    auto query = all_.query();
    while (true) {
        const auto found = query.next();
        if (!found) return found.error();
        if (!*found) return BootRanges(std::move(ranges));
        BootRange& range = ranges.emplace_back();
        range.first_sequence = static_cast<std::uint64_t>(query.integer(0));
        range.boot_id = query.text(1);
        range.began = model::Instant(model::Instant::duration(query.integer(2)));
        range.state = static_cast<BootRange::State>(query.integer(3));
    }
}

model::Result<void> BootTable::save(const BootRanges& before, const BootRanges& after) {
    for (const BootRange& range : before.all()) {
        if (contains(after, range)) continue;
        if (auto done = remove_.execute(range.first_sequence); !done) return done;
    }
    for (const BootRange& range : after.all()) {
        if (contains(before, range)) continue;
        auto done = save_.execute(
            range.first_sequence,
            std::string_view(range.boot_id),
            range.began.time_since_epoch().count(),
            static_cast<std::int64_t>(range.state)
        );
        if (!done) return done;
    }
    return {};
}

}  // namespace gateway::buffer
