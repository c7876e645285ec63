#include "gateway/buffer/backlog_table.hpp"

#include "gateway/buffer/sqlite_connection.hpp"

#include <algorithm>

namespace gateway::buffer {
namespace {

bool same_place(const QueueRange& left, const QueueRange& right) {
    return left.next_sequence == right.next_sequence && left.end_sequence == right.end_sequence &&
           left.open_last == right.open_last;
}

}  // namespace

BacklogTable::BacklogTable(SqliteConnection& connection)
    : ranges_(
          connection,
          "SELECT next_sequence, end_sequence, open_last FROM backlog"
          " WHERE uplink = ? AND dataset = ? ORDER BY end_sequence"
      ),
      insert_(
          connection,
          "INSERT INTO backlog (uplink, dataset, next_sequence, end_sequence, open_last)"
          " VALUES (?, ?, ?, ?, ?)"
      ),
      remove_(connection, "DELETE FROM backlog WHERE uplink = ? AND dataset = ?") {}

model::Result<void> BacklogTable::load(const QueueName& name, std::vector<QueueRange>& ranges) {
    auto query = ranges_.query(std::string_view(name.uplink), std::string_view(name.dataset));
    while (true) {
        const auto found = query.next();
        if (!found) return found.error();
        if (!*found) return {};
        QueueRange& range = ranges.emplace_back();
        range.next_sequence = static_cast<std::uint64_t>(query.integer(0));
        range.end_sequence = static_cast<std::uint64_t>(query.integer(1));
        range.open_last = static_cast<std::uint64_t>(query.integer(2));
    }
}

model::Result<void> BacklogTable::save(
    const QueueName& name,
    const std::vector<QueueRange>& before,
    const std::vector<QueueRange>& after
) {
    if (std::equal(before.begin(), before.end(), after.begin(), after.end(), same_place)) return {};
    if (auto removed = remove(name); !removed) return removed;
    for (const QueueRange& range : after) {
        auto inserted = insert_.execute(
            std::string_view(name.uplink),
            std::string_view(name.dataset),
            range.next_sequence,
            range.end_sequence,
            range.open_last
        );
        if (!inserted) return inserted;
    }
    return {};
}

model::Result<void> BacklogTable::remove(const QueueName& name) {
    return remove_.execute(std::string_view(name.uplink), std::string_view(name.dataset));
}

}  // namespace gateway::buffer
