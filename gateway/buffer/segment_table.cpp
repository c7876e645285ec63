#include "gateway/buffer/segment_table.hpp"

#include "gateway/buffer/sqlite_connection.hpp"

namespace gateway::buffer {
namespace {

constexpr std::string_view kRange =
    " FROM segment WHERE key >= coalesce("
    "(SELECT max(key) FROM segment WHERE key BETWEEN ?1 AND ?2), ?2) AND key <= ?3 ORDER BY key";

std::uint64_t key_of(std::uint64_t dataset, std::uint64_t sequence) {
    return dataset << kSequenceBits | sequence;
}

std::int64_t milliseconds(model::Instant time) {
    return time.time_since_epoch().count();
}

model::Instant instant(std::int64_t milliseconds) {
    return model::Instant(model::Instant::duration(milliseconds));
}

}  // namespace

SegmentRows::SegmentRows(
    SqliteStatement& statement, std::uint64_t dataset, std::uint64_t from_sequence, bool bodies
)
    : query_(statement.query(
          key_of(dataset, 0),
          key_of(dataset, from_sequence),
          key_of(dataset, SegmentTable::kSequenceMax)
      )),
      from_sequence_(from_sequence),
      bodies_(bodies) {}

model::Result<std::optional<SegmentRow>> SegmentRows::next() {
    while (true) {
        const auto found = query_.next();
        if (!found) return found.error();
        if (!*found) return std::optional<SegmentRow>{};
        SegmentRow row;
        row.first_sequence =
            static_cast<std::uint64_t>(query_.integer(0)) & SegmentTable::kSequenceMax;
        row.count = static_cast<std::uint64_t>(query_.integer(1));
        row.stored_at = instant(query_.integer(2));
        row.observed_from = instant(query_.integer(3));
        row.device_base = static_cast<std::uint64_t>(query_.integer(4));
        if (row.end_sequence() <= from_sequence_) continue;
        if (bodies_) row.body = query_.blob(5);
        return std::optional<SegmentRow>(row);
    }
}

SegmentTable::SegmentTable(SqliteConnection& connection)
    : connection_(connection),
      insert_(
          connection,
          "INSERT INTO segment (key, count, stored_at, observed_from, device_base, body)"
          " VALUES (?, ?, ?, ?, ?, ?)"
      ),
      rows_(
          connection,
          std::string("SELECT key, count, stored_at, observed_from, device_base").append(kRange)
      ),
      bodies_(
          connection,
          std::string("SELECT key, count, stored_at, observed_from, device_base, body")
              .append(kRange)
      ),
      remove_one_(connection, "DELETE FROM segment WHERE key = ?"),
      remove_(
          connection, "DELETE FROM segment WHERE key >= ?1 AND key < ?2 AND key + count <= ?2"
      ) {}

model::Result<void> SegmentTable::insert(std::uint64_t dataset, const SegmentRow& row) {
    return insert_.execute(
        key_of(dataset, row.first_sequence),
        row.count,
        milliseconds(row.stored_at),
        milliseconds(row.observed_from),
        row.device_base,
        row.body
    );
}

SegmentRows SegmentTable::from(std::uint64_t dataset, std::uint64_t sequence) {
    return {rows_, dataset, sequence, false};
}

SegmentRows SegmentTable::bodies_from(std::uint64_t dataset, std::uint64_t sequence) {
    return {bodies_, dataset, sequence, true};
}

model::Result<void> SegmentTable::remove(std::uint64_t dataset, std::uint64_t first_sequence) {
    return remove_one_.execute(key_of(dataset, first_sequence));
}

model::Result<std::uint64_t> SegmentTable::remove_before(std::uint64_t dataset, std::uint64_t end) {
    if (auto removed = remove_.execute(key_of(dataset, 0), key_of(dataset, end)); !removed)
        return removed.error();
    return static_cast<std::uint64_t>(connection_.changed_rows());
}

}  // namespace gateway::buffer
