#include "gateway/aggregate/spool_tables.hpp"

#include "gateway/buffer/sqlite_connection.hpp"

#include <algorithm>
#include <utility>

namespace gateway::aggregate {
namespace {

constexpr std::string_view kSuppressed = "suppressed/";

std::string counter_of(Suppression cause) {
    return std::string(kSuppressed).append(to_string(cause));
}

// The counter of a name; nothing for one that this release does not know.
std::uint64_t* find_counter(Counts& counts, std::string_view name) {
    for (std::size_t i = 0; i < kCountCount; ++i) {
        if (to_string(static_cast<Count>(i)) == name) return &counts.counts[i];
    }
    for (std::size_t i = 0; i < kSuppressionCount; ++i) {
        if (counter_of(static_cast<Suppression>(i)) == name) return &counts.suppressed[i];
    }
    return nullptr;
}

}  // namespace

SpoolTables::SpoolTables(buffer::SqliteConnection& connection, std::string dataset)
    : connection_(connection),
      dataset_(std::move(dataset)),
      dataset_row_(
          connection, "SELECT id, next_sequence, horizon, corrected FROM dataset WHERE name = ?"
      ),
      add_dataset_(
          connection,
          "INSERT INTO dataset (name, next_sequence, horizon, corrected) VALUES (?, ?, ?, ?)"
      ),
      save_dataset_(
          connection,
          "UPDATE dataset SET next_sequence = ?, horizon = ?, corrected = ? WHERE id = ?"
      ),
      windows_(
          connection,
          "SELECT id, start, part, fingerprint, released FROM window WHERE dataset = ?"
          " ORDER BY start, part"
      ),
      add_window_(
          connection,
          "INSERT INTO window (dataset, start, part, fingerprint, released) VALUES (?, ?, ?, ?, 0)"
      ),
      mark_released_(connection, "UPDATE window SET released = 1 WHERE id = ?"),
      remove_window_(connection, "DELETE FROM window WHERE id = ?"),
      contributions_(connection, "SELECT meter, sealed FROM contribution WHERE window = ?"),
      put_contribution_(
          connection, "INSERT OR REPLACE INTO contribution (window, meter, sealed) VALUES (?, ?, ?)"
      ),
      remove_contributions_(connection, "DELETE FROM contribution WHERE window = ?"),
      indexes_(connection, "SELECT meter, units, read_at FROM meter_index WHERE dataset = ?"),
      put_index_(
          connection,
          "INSERT OR REPLACE INTO meter_index (dataset, meter, units, read_at) VALUES (?, ?, ?, ?)"
      ),
      remove_indexes_(connection, "DELETE FROM meter_index WHERE dataset = ?"),
      remove_meter_(
          connection,
          "DELETE FROM contribution WHERE meter = ?"
          " AND window IN (SELECT id FROM window WHERE dataset = ?)"
      ),
      remove_index_(connection, "DELETE FROM meter_index WHERE dataset = ? AND meter = ?"),
      spent_(
          connection,
          "SELECT numerator, denominator FROM budget"
          " WHERE dataset = ? AND start >= ? AND start < ?"
      ),
      spend_(
          connection,
          "INSERT INTO budget (dataset, period, start, numerator, denominator)"
          " VALUES (?, ?, ?, ?, ?)"
      ),
      freeze_(connection, "INSERT INTO release (dataset, start, part, body) VALUES (?, ?, ?, ?)"),
      counts_(connection, "SELECT name, count FROM count WHERE dataset = ?"),
      save_count_(
          connection, "INSERT OR REPLACE INTO count (dataset, name, count) VALUES (?, ?, ?)"
      ) {}

model::Result<bool> SpoolTables::find(DatasetRow& row) {
    auto query = dataset_row_.query(std::string_view(dataset_));
    const auto found = query.next();
    if (!found || !*found) return found;
    row.id = query.integer(0);
    row.next_sequence = static_cast<std::uint64_t>(query.integer(1));
    row.horizon = query.integer(2);
    row.corrected = query.integer(3);
    id_ = row.id;
    return true;
}

model::Result<DatasetRow> SpoolTables::load(const DatasetRow& fresh) {
    DatasetRow row;
    auto found = find(row);
    if (!found) return found.error();
    if (*found) return row;
    auto added = add_dataset_.execute(
        std::string_view(dataset_), fresh.next_sequence, fresh.horizon, fresh.corrected
    );
    if (!added) return added.error();
    found = find(row);
    if (!found) return found.error();
    return row;
}

model::Result<void> SpoolTables::save(const DatasetRow& row) {
    return save_dataset_.execute(row.next_sequence, row.horizon, row.corrected, row.id);
}

model::Result<std::vector<WindowRow>> SpoolTables::windows(std::span<const std::byte> fingerprint) {
    std::vector<WindowRow> rows;
    auto query = windows_.query(id_);
    while (true) {
        const auto found = query.next();
        if (!found) return found.error();
        if (!*found) return rows;
        WindowRow& row = rows.emplace_back();
        row.id = query.integer(0);
        row.window = {query.integer(1), static_cast<std::uint8_t>(query.integer(2))};
        const auto stored = query.blob(3);
        row.has_fingerprint = std::ranges::equal(stored, fingerprint);
        row.released = query.integer(4) != 0;
    }
}

model::Result<std::int64_t> SpoolTables::add_window(
    const WindowId& window, std::span<const std::byte> fingerprint
) {
    auto added = add_window_.execute(id_, window.start, std::int64_t{window.part}, fingerprint);
    if (!added) return added.error();
    return connection_.integer("SELECT last_insert_rowid()");
}

model::Result<void> SpoolTables::mark_released(std::int64_t window) {
    return mark_released_.execute(window);
}

model::Result<void> SpoolTables::remove_window(std::int64_t window) {
    return remove_window_.execute(window);
}

model::Result<void> SpoolTables::contributions(std::int64_t window, const TakeContribution& take) {
    auto query = contributions_.query(window);
    while (true) {
        const auto found = query.next();
        if (!found) return found.error();
        if (!*found || !take(query.blob(0), query.blob(1))) return {};
    }
}

model::Result<void> SpoolTables::put_contribution(
    std::int64_t window, const MeterToken& meter, std::span<const std::byte> sealed
) {
    return put_contribution_.execute(window, std::span<const std::byte>(meter), sealed);
}

model::Result<void> SpoolTables::remove_contributions(std::int64_t window) {
    return remove_contributions_.execute(window);
}

model::Result<void> SpoolTables::indexes(const TakeIndex& take) {
    auto query = indexes_.query(id_);
    while (true) {
        const auto found = query.next();
        if (!found) return found.error();
        if (!*found || !take(query.blob(0), query.blob(1), query.blob(2))) return {};
    }
}

model::Result<void> SpoolTables::put_index(
    const MeterToken& meter, std::span<const std::byte> units, std::span<const std::byte> read_at
) {
    return put_index_.execute(id_, std::span<const std::byte>(meter), units, read_at);
}

model::Result<void> SpoolTables::remove_indexes() {
    return remove_indexes_.execute(id_);
}

model::Result<void> SpoolTables::remove_meter(const MeterToken& meter) {
    const std::span<const std::byte> token(meter);
    if (auto removed = remove_meter_.execute(token, id_); !removed) return removed;
    return remove_index_.execute(id_, token);
}

model::Result<Fraction> SpoolTables::spent(std::int64_t begin, std::int64_t end) {
    Fraction total;
    auto query = spent_.query(id_, begin, end);
    while (true) {
        const auto found = query.next();
        if (!found) return found.error();
        if (!*found) return total;
        const Fraction cost{
            static_cast<std::uint64_t>(query.integer(0)),
            static_cast<std::uint64_t>(query.integer(1))};
        const auto next = sum(total, cost);
        if (!next) return next;
        total = *next;
    }
}

model::Result<void> SpoolTables::spend(std::int64_t period, std::int64_t start, Fraction cost) {
    return spend_.execute(id_, period, start, cost.numerator, cost.denominator);
}

model::Result<void> SpoolTables::freeze(const WindowId& window, std::string_view body) {
    const auto bytes = std::as_bytes(std::span(body));
    return freeze_.execute(id_, window.start, std::int64_t{window.part}, bytes);
}

model::Result<Counts> SpoolTables::load_counts() {
    Counts counts;
    auto query = counts_.query(id_);
    while (true) {
        const auto found = query.next();
        if (!found) return found.error();
        if (!*found) return counts;
        auto* counter = find_counter(counts, query.text(0));
        if (counter != nullptr) *counter = static_cast<std::uint64_t>(query.integer(1));
    }
}

model::Result<void> SpoolTables::save_counts(const Counts& before, const Counts& after) {
    for (std::size_t i = 0; i < kCountCount; ++i) {
        if (before.counts[i] == after.counts[i]) continue;
        const auto name = to_string(static_cast<Count>(i));
        if (auto saved = save_count_.execute(id_, name, after.counts[i]); !saved) return saved;
    }
    for (std::size_t i = 0; i < kSuppressionCount; ++i) {
        if (before.suppressed[i] == after.suppressed[i]) continue;
        const std::string name = counter_of(static_cast<Suppression>(i));
        auto saved = save_count_.execute(id_, std::string_view(name), after.suppressed[i]);
        if (!saved) return saved;
    }
    return {};
}

}  // namespace gateway::aggregate
