#include "gateway/buffer/salvaged_rows.hpp"

#include "gateway/buffer/segment.hpp"
#include "gateway/buffer/segment_table.hpp"

#include <array>

namespace gateway::buffer {
namespace {

enum class Kind { null, integer, real, text, blob };  // as the alternatives of ColumnValue

bool has_shape(const PageRow& row, bool has_rowid, std::span<const Kind> kinds) {
    if (row.rowid.has_value() != has_rowid || row.columns.size() != kinds.size()) return false;
    for (std::size_t i = 0; i < kinds.size(); ++i) {
        if (row.columns[i].index() != static_cast<std::size_t>(kinds[i])) return false;
    }
    return true;
}

constexpr std::array kDataset{Kind::text, Kind::integer};
constexpr std::array kDevice{Kind::null, Kind::text};
constexpr std::array kLedger{Kind::text, Kind::text, Kind::integer};
constexpr std::array kCursor{Kind::text, Kind::text, Kind::integer, Kind::integer};
// Its key first: the end of the range stands before its beginning.
constexpr std::array kBacklog{Kind::text, Kind::text, Kind::integer, Kind::integer, Kind::integer};
constexpr std::array kSegment{
    Kind::null, Kind::integer, Kind::integer, Kind::integer, Kind::integer, Kind::blob};
constexpr std::array kDeadLetter{
    Kind::null,
    Kind::text,
    Kind::text,
    Kind::integer,
    Kind::text,
    Kind::integer,
    Kind::text,
    Kind::text,
    Kind::text,
    Kind::integer,
    Kind::integer,
    Kind::integer,
    Kind::integer,
    Kind::text};

constexpr std::array kSessionMark{Kind::blob, Kind::integer, Kind::integer};
constexpr std::array kGap{
    Kind::text,
    Kind::text,
    Kind::integer,
    Kind::text,
    Kind::integer,
    Kind::integer,
    Kind::integer,
    Kind::integer,
    Kind::integer,
    Kind::integer};
constexpr std::array kBoot{Kind::null, Kind::text, Kind::integer, Kind::integer};
constexpr std::array kErasure{
    Kind::text,
    Kind::text,
    Kind::integer,
    Kind::text,
    Kind::text,
    Kind::text,
    Kind::integer,
    Kind::integer};
constexpr std::array kErasing{Kind::null, Kind::text, Kind::text, Kind::text, Kind::integer};

std::int64_t integer(const PageRow& row, std::size_t column) {
    return std::get<std::int64_t>(row.columns[column]);
}

std::string_view text(const PageRow& row, std::size_t column) {
    return std::get<std::string_view>(row.columns[column]);
}

bool is_sequence(std::int64_t value) {
    return value >= 0 && static_cast<std::uint64_t>(value) <= SegmentTable::kSequenceMax;
}

}  // namespace

std::optional<DatasetRow> dataset_row(const PageRow& row) {
    if (!has_shape(row, false, kDataset) || integer(row, 1) <= 0) return std::nullopt;
    return DatasetRow{integer(row, 1), text(row, 0)};
}

std::optional<DeviceRow> device_row(const PageRow& row) {
    if (!has_shape(row, true, kDevice) || *row.rowid <= 0) return std::nullopt;
    return DeviceRow{*row.rowid, text(row, 1)};
}

std::optional<LedgerRow> ledger_row(const PageRow& row) {
    if (!has_shape(row, false, kLedger) || !is_sequence(integer(row, 2))) return std::nullopt;
    return LedgerRow{text(row, 0), text(row, 1), static_cast<std::uint64_t>(integer(row, 2))};
}

std::optional<CursorRow> cursor_row(const PageRow& row) {
    if (!has_shape(row, false, kCursor)) return std::nullopt;
    if (!is_sequence(integer(row, 2)) || !is_sequence(integer(row, 3))) return std::nullopt;
    return CursorRow{
        text(row, 0),
        text(row, 1),
        static_cast<std::uint64_t>(integer(row, 2)),
        static_cast<std::uint64_t>(integer(row, 3))};
}

std::optional<BacklogRow> backlog_row(const PageRow& row) {
    if (!has_shape(row, false, kBacklog) || !is_sequence(integer(row, 3))) return std::nullopt;
    return BacklogRow{text(row, 0), text(row, 1), static_cast<std::uint64_t>(integer(row, 3))};
}

std::optional<SalvagedSegment> segment_row(const PageRow& row) {
    if (!has_shape(row, true, kSegment) || *row.rowid <= 0) return std::nullopt;
    const auto key = static_cast<std::uint64_t>(*row.rowid);
    SalvagedSegment segment{};
    segment.dataset = key >> kSequenceBits;
    segment.first_sequence = key & SegmentTable::kSequenceMax;
    segment.count = static_cast<std::uint64_t>(integer(row, 1));
    segment.stored_at = integer(row, 2);
    segment.observed_from = integer(row, 3);
    segment.device_base = static_cast<std::uint64_t>(integer(row, 4));
    segment.body = std::get<Blob>(row.columns[5]);
    const bool possible = segment.count > 0 && segment.count <= kSegmentReadingsMax &&
                          segment.first_sequence + segment.count <= SegmentTable::kSequenceMax &&
                          integer(row, 4) >= 0;
    return possible ? std::optional(segment) : std::nullopt;
}

bool is_dead_letter(const PageRow& row) {
    return has_shape(row, true, kDeadLetter);
}

bool is_session_mark(const PageRow& row) {
    return has_shape(row, false, kSessionMark);
}

bool is_gap(const PageRow& row) {
    return has_shape(row, false, kGap);
}

bool is_boot(const PageRow& row) {
    return has_shape(row, true, kBoot);
}

bool is_erasure(const PageRow& row) {
    return has_shape(row, false, kErasure);
}

bool is_erasing(const PageRow& row) {
    return has_shape(row, true, kErasing);
}

}  // namespace gateway::buffer
