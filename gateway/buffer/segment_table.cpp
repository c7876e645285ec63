#include "gateway/buffer/segment_table.hpp"

#include "gateway/buffer/error.hpp"
#include "gateway/buffer/sqlite_connection.hpp"
#include "gateway/buffer/stored_time.hpp"
#include "gateway/runtime/clock.hpp"

#include <cerrno>
#include <chrono>

namespace gateway::buffer {
namespace {

constexpr std::string_view kRange =
    " FROM segment WHERE key >= coalesce("
    "(SELECT max(key) FROM segment WHERE key BETWEEN ?1 AND ?2), ?2) AND key <= ?3 ORDER BY key";

std::uint64_t row_key(std::uint64_t dataset, std::uint64_t sequence) {
    return dataset << kSequenceBits | sequence;
}

bool on_same_day(model::Instant left, model::Instant right) {
    return std::chrono::floor<std::chrono::days>(left) ==
           std::chrono::floor<std::chrono::days>(right);
}

}  // namespace

SegmentRows::SegmentRows(
    SqliteStatement& statement,
    std::uint64_t dataset,
    std::uint64_t from_sequence,
    BodyOpener* bodies
)
    : query_(statement.query(
          row_key(dataset, 0),
          row_key(dataset, from_sequence),
          row_key(dataset, SegmentTable::kSequenceMax)
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
        if (bodies_ == nullptr) return std::optional<SegmentRow>(row);
        const auto sealed = query_.blob(5);
        const auto body = bodies_->open(static_cast<std::uint64_t>(query_.integer(0)), sealed);
        if (!body) return body.error();
        row.body = *body;
        row.key = key_of(sealed);
        return std::optional<SegmentRow>(row);
    }
}

SegmentTable::SegmentTable(SqliteConnection& connection, SegmentKeys& keys)
    : connection_(connection),
      keys_(keys),
      opener_(keys),
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
      // As much of a body as tells its key, without the pages behind.
      first_head_(
          connection,
          "SELECT substr(body, 1, 64) FROM segment WHERE key BETWEEN ?1 AND ?2"
          " ORDER BY key LIMIT 1"
      ),
      last_head_(
          connection,
          "SELECT stored_at, substr(body, 1, 64) FROM segment WHERE key BETWEEN ?1 AND ?2"
          " ORDER BY key DESC LIMIT 1"
      ),
      // Their lengths stand before the pages behind, which are not read.
      figures_(
          connection,
          "SELECT count(*), ifnull(sum(count), 0), ifnull(sum(length(body)), 0),"
          " min(observed_from), max(stored_at) FROM segment WHERE key BETWEEN ?1 AND ?2"
      ),
      remove_one_(connection, "DELETE FROM segment WHERE key = ?"),
      remove_(
          connection, "DELETE FROM segment WHERE key >= ?1 AND key < ?2 AND key + count <= ?2"
      ) {}

model::Result<SegmentKey> SegmentTable::key_for(
    std::uint64_t dataset, std::uint64_t first_sequence, model::Instant now
) {
    if (!keys_.seals()) return SegmentKey{};
    if (const auto known = keys_.of_day(dataset, now)) return *known;
    const auto last = last_segment(dataset);
    if (!last) return last.error();
    // Nobody knows which day it was that was so long after an earlier boot.
    const bool is_of_today = !runtime::is_since_boot(now) && on_same_day(last->stored_at, now);
    if (is_of_today && !last->key.is_none()) {
        keys_.use(dataset, last->key, now);
        return last->key;
    }
    auto renewed = keys_.renew(dataset, first_sequence, now);
    const bool is_full = !renewed && renewed.error() == Errc::full;
    return is_full && !last->key.is_none() ? last->key : renewed;
}

// After a start the key in use is known by the dataset's last segment alone.
model::Result<SegmentTable::LastSegment> SegmentTable::last_segment(std::uint64_t dataset) {
    LastSegment last;
    {
        auto query = last_head_.query(row_key(dataset, 0), row_key(dataset, kSequenceMax));
        const auto found = query.next();
        if (!found) return found.error();
        if (!*found) return last;
        last.stored_at = instant(query.integer(0));
        last.key = key_of(query.blob(1));
    }
    if (!keys_.is_own(last.key)) last.key = {};
    if (last.key.is_none()) return last;
    const auto key = keys_.find(dataset, last.key);
    if (!key) return key.error();
    if (*key == nullptr) last.key = {};
    return last;
}

model::Result<std::optional<SegmentKey>> SegmentTable::oldest_key(std::uint64_t dataset) {
    auto query = first_head_.query(row_key(dataset, 0), row_key(dataset, kSequenceMax));
    const auto found = query.next();
    if (!found) return found.error();
    if (!*found) return std::optional<SegmentKey>{};
    return std::optional<SegmentKey>(key_of(query.blob(0)));
}

model::Result<SegmentFigures> SegmentTable::figures(std::uint64_t dataset) {
    auto query = figures_.query(row_key(dataset, 0), row_key(dataset, kSequenceMax));
    const auto found = query.next();
    if (!found) return found.error();
    SegmentFigures figures;
    figures.segments = static_cast<std::uint64_t>(query.integer(0));
    figures.readings = static_cast<std::uint64_t>(query.integer(1));
    figures.bytes = static_cast<std::uint64_t>(query.integer(2));
    if (!query.null(3)) figures.observed_from = instant(query.integer(3));
    if (!query.null(4)) figures.stored_until = instant(query.integer(4));
    return figures;
}

model::Result<void> SegmentTable::insert(std::uint64_t dataset, const SegmentRow& row) {
    const std::uint64_t place = row_key(dataset, row.first_sequence);
    std::span<const std::byte> body = row.body;
    if (!row.key.is_none()) {
        const auto key = keys_.find(dataset, row.key);
        if (!key) return key.error();
        if (*key == nullptr)
            return boost::system::error_code(ENOKEY, boost::system::system_category());
        seal_body(**key, {place, row.key}, row.body, sealed_);
        body = sealed_;
    }
    return insert_.execute(
        place,
        row.count,
        milliseconds(row.stored_at),
        milliseconds(row.observed_from),
        row.device_base,
        body
    );
}

SegmentRows SegmentTable::from(std::uint64_t dataset, std::uint64_t sequence) {
    return {rows_, dataset, sequence, nullptr};
}

SegmentRows SegmentTable::bodies_from(std::uint64_t dataset, std::uint64_t sequence) {
    return {bodies_, dataset, sequence, &opener_};
}

model::Result<void> SegmentTable::remove(std::uint64_t dataset, std::uint64_t first_sequence) {
    return remove_one_.execute(row_key(dataset, first_sequence));
}

model::Result<std::uint64_t> SegmentTable::remove_before(std::uint64_t dataset, std::uint64_t end) {
    if (auto removed = remove_.execute(row_key(dataset, 0), row_key(dataset, end)); !removed)
        return removed.error();
    return static_cast<std::uint64_t>(connection_.changed_rows());
}

}  // namespace gateway::buffer
