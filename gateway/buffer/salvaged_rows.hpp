#pragma once
#include "gateway/buffer/page_rows.hpp"

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

namespace gateway::buffer {

// The rows of a store by their shape: when the schema cannot be read, no page says which table it
// belongs to. Each answers nothing when the row is of another table.

struct DatasetRow {
    std::int64_t id;
    std::string_view name;
};
// Of the index on the datasets' names, which holds all that the table does.
std::optional<DatasetRow> dataset_row(const PageRow& row);

struct DeviceRow {
    std::int64_t id;
    std::string_view name;
};
std::optional<DeviceRow> device_row(const PageRow& row);

struct LedgerRow {
    std::string_view uplink;
    std::string_view counter;
    std::uint64_t count;
};
std::optional<LedgerRow> ledger_row(const PageRow& row);

struct CursorRow {
    std::string_view uplink;
    std::string_view dataset;
    std::uint64_t next_sequence;
    std::uint64_t open_last;
};
std::optional<CursorRow> cursor_row(const PageRow& row);

// What a cursor has left behind it, to be delivered beside what comes after it.
struct BacklogRow {
    std::string_view uplink;
    std::string_view dataset;
    std::uint64_t next_sequence;
};
std::optional<BacklogRow> backlog_row(const PageRow& row);

struct SalvagedSegment {
    std::uint64_t dataset;
    std::uint64_t first_sequence;
    std::uint64_t count;
    std::int64_t stored_at;
    std::int64_t observed_from;
    std::uint64_t device_base;
    Blob body;
};
std::optional<SalvagedSegment> segment_row(const PageRow& row);

// Of these the columns, but for a first one that stands for the number, stay as they are.
bool is_dead_letter(const PageRow& row);
bool is_session_mark(const PageRow& row);
bool is_gap(const PageRow& row);
bool is_boot(const PageRow& row);
bool is_erasure(const PageRow& row);
bool is_erasing(const PageRow& row);

}  // namespace gateway::buffer
