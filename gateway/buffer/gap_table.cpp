#include "gateway/buffer/gap_table.hpp"

#include "gateway/buffer/error.hpp"
#include "gateway/buffer/sqlite_connection.hpp"
#include "gateway/buffer/stored_lane.hpp"
#include "gateway/buffer/stored_time.hpp"

#include <algorithm>

namespace gateway::buffer {
namespace {

bool same_row(const PendingGap& left, const PendingGap& right) {
    return left.gap == right.gap && left.sent_by == right.sent_by;
}

std::optional<Eviction> cause_of(std::string_view name) {
    for (std::size_t i = 0; i < kEvictionCount; ++i) {
        const auto cause = static_cast<Eviction>(i);
        if (to_string(cause) == name) return cause;
    }
    return std::nullopt;
}

}  // namespace

GapTable::GapTable(SqliteConnection& connection)
    : gaps_(
          connection,
          "SELECT cause, first_sequence, last_sequence, count, observed_from, observed_to, sent_by"
          " FROM gap WHERE uplink = ? AND dataset = ? ORDER BY position"
      ),
      insert_(
          connection,
          "INSERT INTO gap (uplink, dataset, position, cause, first_sequence, last_sequence, count,"
          " observed_from, observed_to, sent_by) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
      ),
      remove_(connection, "DELETE FROM gap WHERE uplink = ? AND dataset = ?") {}

model::Result<void> GapTable::load(const QueueName& name, GapList& gaps) {
    auto query = gaps_.query(std::string_view(name.uplink), std::string_view(name.dataset));
    while (true) {
        const auto found = query.next();
        if (!found) return found.error();
        if (!*found) return {};
        const auto cause = cause_of(query.text(0));
        if (!cause) return Errc::damaged;
        PendingGap pending;
        pending.gap.cause = *cause;
        pending.gap.first_sequence = static_cast<std::uint64_t>(query.integer(1));
        pending.gap.last_sequence = static_cast<std::uint64_t>(query.integer(2));
        pending.gap.count = static_cast<std::uint64_t>(query.integer(3));
        pending.gap.observed_from = instant(query.integer(4));
        pending.gap.observed_to = instant(query.integer(5));
        pending.sent_by = lane_of_stored(query.integer(6));
        gaps.add(pending);
    }
}

model::Result<void> GapTable::save(
    const QueueName& name, const GapList& before, const GapList& after
) {
    const auto& was = before.all();
    const auto& is = after.all();
    if (std::equal(was.begin(), was.end(), is.begin(), is.end(), same_row)) return {};
    if (auto removed = remove(name); !removed) return removed;
    std::uint64_t position = 0;
    for (const PendingGap& pending : after.all()) {
        const Gap& gap = pending.gap;
        auto inserted = insert_.execute(
            std::string_view(name.uplink),
            std::string_view(name.dataset),
            ++position,
            to_string(gap.cause),
            gap.first_sequence,
            gap.last_sequence,
            gap.count,
            milliseconds(gap.observed_from),
            milliseconds(gap.observed_to),
            stored_lane(pending.sent_by)
        );
        if (!inserted) return inserted;
    }
    return {};
}

model::Result<void> GapTable::remove(const QueueName& name) {
    return remove_.execute(std::string_view(name.uplink), std::string_view(name.dataset));
}

}  // namespace gateway::buffer
