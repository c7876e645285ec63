#pragma once
#include "gateway/aggregate/counts.hpp"
#include "gateway/aggregate/fraction.hpp"
#include "gateway/aggregate/registry.hpp"
#include "gateway/aggregate/rules.hpp"
#include "gateway/buffer/sqlite_statement.hpp"
#include "gateway/model/result.hpp"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace gateway::aggregate {

// Where a dataset's aggregation stands. Times in seconds since 1970.
struct DatasetRow {
    std::int64_t id = 0;
    std::uint64_t next_sequence = 0;
    std::int64_t horizon = 0;    // no window that starts earlier is released any more
    std::int64_t corrected = 0;  // no window that starts earlier is corrected any more
};

struct WindowRow {
    std::int64_t id = 0;
    WindowId window;
    bool has_fingerprint = false;  // that of the caller
    bool released = false;
};

// The rows of one dataset in a SpoolFile (spool_schema.hpp). Within the caller's transaction.
class SpoolTables {
  public:
    SpoolTables(buffer::SqliteConnection& connection, std::string dataset);

    // The dataset's row; made from `fresh` when there is none.
    model::Result<DatasetRow> load(const DatasetRow& fresh);
    model::Result<void> save(const DatasetRow& row);

    model::Result<std::vector<WindowRow>> windows(std::span<const std::byte> fingerprint);
    // Answers its id.
    model::Result<std::int64_t> add_window(
        const WindowId& window, std::span<const std::byte> fingerprint
    );
    model::Result<void> mark_released(std::int64_t window);
    model::Result<void> remove_window(std::int64_t window);

    // Calls `take` with every row of the window until that answers false.
    using TakeContribution =
        std::function<bool(std::span<const std::byte> meter, std::span<const std::byte> sealed)>;
    model::Result<void> contributions(std::int64_t window, const TakeContribution& take);
    model::Result<void> put_contribution(
        std::int64_t window, const MeterToken& meter, std::span<const std::byte> sealed
    );
    model::Result<void> remove_contributions(std::int64_t window);

    // Calls `take` with every meter's sealed index until that answers false.
    using TakeIndex = std::function<bool(
        std::span<const std::byte> meter,
        std::span<const std::byte> units,
        std::span<const std::byte> read_at
    )>;
    model::Result<void> indexes(const TakeIndex& take);
    model::Result<void> put_index(
        const MeterToken& meter,
        std::span<const std::byte> units,
        std::span<const std::byte> read_at
    );
    model::Result<void> remove_indexes();

    // All that the dataset's open windows and indexes have of the meter.
    model::Result<void> remove_meter(const MeterToken& meter);

    // What the windows that start at `begin` or later and before `end` have cost, whatever period
    // they were counted in: another length of it makes no budget anew. Errc::overflow when that
    // cannot be told.
    model::Result<Fraction> spent(std::int64_t begin, std::int64_t end);
    // Fails when the window has a row already.
    model::Result<void> spend(std::int64_t period, std::int64_t start, Fraction cost);

    // Fails when the window was released before.
    model::Result<void> freeze(const WindowId& window, std::string_view body);

    model::Result<Counts> load_counts();
    // Writes those that differ.
    model::Result<void> save_counts(const Counts& before, const Counts& after);

  private:
    model::Result<bool> find(DatasetRow& row);

    buffer::SqliteConnection& connection_;
    std::string dataset_;
    std::int64_t id_ = 0;
    buffer::SqliteStatement dataset_row_;
    buffer::SqliteStatement add_dataset_;
    buffer::SqliteStatement save_dataset_;
    buffer::SqliteStatement windows_;
    buffer::SqliteStatement add_window_;
    buffer::SqliteStatement mark_released_;
    buffer::SqliteStatement remove_window_;
    buffer::SqliteStatement contributions_;
    buffer::SqliteStatement put_contribution_;
    buffer::SqliteStatement remove_contributions_;
    buffer::SqliteStatement indexes_;
    buffer::SqliteStatement put_index_;
    buffer::SqliteStatement remove_indexes_;
    buffer::SqliteStatement remove_meter_;
    buffer::SqliteStatement remove_index_;
    buffer::SqliteStatement spent_;
    buffer::SqliteStatement spend_;
    buffer::SqliteStatement freeze_;
    buffer::SqliteStatement counts_;
    buffer::SqliteStatement save_count_;
};

}  // namespace gateway::aggregate
