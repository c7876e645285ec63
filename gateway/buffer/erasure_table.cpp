#include "gateway/buffer/erasure_table.hpp"

#include "gateway/buffer/sqlite_connection.hpp"
#include "gateway/buffer/stored_lane.hpp"

#include <algorithm>

namespace gateway::buffer {
namespace {

bool same_row(const PendingErasure& left, const PendingErasure& right) {
    return left.erasure == right.erasure && left.sent_by == right.sent_by;
}

}  // namespace

ErasureTable::ErasureTable(SqliteConnection& connection)
    : connection_(connection),
      erasures_(
          connection,
          "SELECT device, attribute, value, last_sequence, sent_by FROM erasure"
          " WHERE uplink = ? AND dataset = ? ORDER BY position"
      ),
      insert_(
          connection,
          "INSERT INTO erasure (uplink, dataset, position, device, attribute, value, last_sequence,"
          " sent_by) VALUES (?, ?, ?, ?, ?, ?, ?, ?)"
      ),
      remove_(connection, "DELETE FROM erasure WHERE uplink = ? AND dataset = ?") {}

model::Result<void> ErasureTable::load(const QueueName& name, ErasureList& erasures) {
    auto query = erasures_.query(std::string_view(name.uplink), std::string_view(name.dataset));
    while (true) {
        const auto found = query.next();
        if (!found) return found.error();
        if (!*found) return {};
        PendingErasure pending;
        pending.erasure.device = query.text(0);
        pending.erasure.attribute = query.text(1);
        pending.erasure.value = query.text(2);
        pending.erasure.last_sequence = static_cast<std::uint64_t>(query.integer(3));
        pending.sent_by = lane_of_stored(query.integer(4));
        erasures.add(std::move(pending));
    }
}

model::Result<void> ErasureTable::save(
    const QueueName& name, const ErasureList& before, const ErasureList& after
) {
    const auto& was = before.all();
    const auto& is = after.all();
    if (std::equal(was.begin(), was.end(), is.begin(), is.end(), same_row)) return {};
    if (auto removed = remove_rows(name); !removed) return removed;
    std::uint64_t position = 0;
    for (const PendingErasure& pending : is) {
        const Erasure& erasure = pending.erasure;
        auto inserted = insert_.execute(
            std::string_view(name.uplink),
            std::string_view(name.dataset),
            ++position,
            std::string_view(erasure.device),
            std::string_view(erasure.attribute),
            std::string_view(erasure.value),
            erasure.last_sequence,
            stored_lane(pending.sent_by)
        );
        if (!inserted) return inserted;
    }
    return is.size() < was.size() ? rewrite_table(connection_, "erasure") : model::Result<void>{};
}

model::Result<void> ErasureTable::remove(const QueueName& name) {
    if (auto removed = remove_rows(name); !removed) return removed;
    return connection_.changed_rows() > 0 ? rewrite_table(connection_, "erasure")
                                          : model::Result<void>{};
}

model::Result<void> ErasureTable::remove_rows(const QueueName& name) {
    return remove_.execute(std::string_view(name.uplink), std::string_view(name.dataset));
}

}  // namespace gateway::buffer
