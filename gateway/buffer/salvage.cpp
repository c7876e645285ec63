#include "gateway/buffer/salvage.hpp"

#include "gateway/buffer/body_opener.hpp"
#include "gateway/buffer/error.hpp"
#include "gateway/buffer/new_store.hpp"
#include "gateway/buffer/record_codec.hpp"
#include "gateway/buffer/salvaged_rows.hpp"
#include "gateway/buffer/schema.hpp"
#include "gateway/buffer/segment_table.hpp"
#include "gateway/buffer/sqlite_connection.hpp"
#include "gateway/buffer/sqlite_statement.hpp"
#include "gateway/buffer/store_file.hpp"
#include "gateway/runtime/service_notify.hpp"

#include <algorithm>
#include <chrono>
#include <map>
#include <optional>
#include <unordered_set>

namespace gateway::buffer {
namespace {

constexpr std::uint32_t kDatasetPage = 2;  // the first table that schema.cpp makes
constexpr std::uint32_t kPagesPerTransaction = 256;
constexpr std::chrono::seconds kTransactionMax{120};  // on the slowest card
constexpr std::uint64_t kSmallRowBytes = 1U << 20;    // all but segments are shorter

struct CursorPosition {
    std::uint64_t next_sequence = 1;
    std::uint64_t open_last = 0;
};

std::int64_t integer(const PageRow& row, std::size_t column) {
    return std::get<std::int64_t>(row.columns[column]);
}

std::string_view text(const PageRow& row, std::size_t column) {
    return std::get<std::string_view>(row.columns[column]);
}

class Salvage {
  public:
    Salvage(const std::string& from, SqliteConnection& into, anonymise::KeyRing* keys)
        : file_(from), into_(into), keys_(keys), opener_(keys_) {}

    model::Result<Salvaged> run() {
        read_datasets();
        if (auto done = each_row(&Salvage::take_small_row, kSmallRowBytes); !done)
            return done.error();
        if (auto done = each_row(&Salvage::take_segment, PageRows::kRowBytesMax); !done)
            return done.error();
        if (auto done = in_transaction([&] { return write_books(); }); !done) return done.error();
        return salvaged_;
    }

  private:
    using Taker = model::Result<void> (Salvage::*)(const PageRow&);

    void read_datasets();
    model::Result<void> each_row(Taker take, std::uint64_t row_bytes_max);
    model::Result<void> take_pages(
        std::uint32_t first, std::uint32_t last, PageRows& rows, Taker take
    );
    model::Result<void> take_rows(PageRows& rows, Taker take);
    model::Result<void> take_small_row(const PageRow& row);
    model::Result<void> take_name(std::int64_t id, std::string_view name);
    void take_cursor(const CursorRow& row);
    void take_backlog(const BacklogRow& row);
    model::Result<void> take_dead_letter(const PageRow& row);
    model::Result<void> take_gap(const PageRow& row);
    model::Result<void> take_erasure(const PageRow& row);
    model::Result<void> take_segment(const PageRow& row);
    model::Result<void> look_for_key(const SalvagedSegment& segment);
    model::Result<bool> is_whole(const SalvagedSegment& segment, std::uint64_t row);
    std::uint64_t missing_behind_books() const;
    void add_behind_books();
    model::Result<void> write_books();

    template <class Work>
    model::Result<void> in_transaction(Work work) {
        runtime::notify_starting_for(kTransactionMax);
        if (auto begun = into_.begin(); !begun) return begun;
        if (auto done = work(); !done) return done;
        return into_.commit();
    }

    DamagedFile file_;
    NewStore into_;
    SegmentKeys keys_;
    BodyOpener opener_;
    RecordCodec codec_;
    std::vector<SegmentReading> readings_;
    SegmentTexts texts_;
    std::uint32_t page_ = 0;
    std::map<std::int64_t, std::string> datasets_;
    std::unordered_set<std::uint64_t> devices_;
    std::map<std::pair<std::string, std::string>, std::uint64_t> counts_;    // uplink and counter
    std::map<std::pair<std::string, std::string>, CursorPosition> cursors_;  // uplink and dataset
    std::map<std::pair<std::string, std::string>, std::uint64_t> backlogs_;  // where they begin
    std::uint64_t store_ = 0;  // as the last of the segments names it
    std::uint64_t last_sequence_ = 0;
    std::map<std::string, std::uint64_t> found_behind_books_;  // by dataset
    Salvaged salvaged_;
};

// In transactions of kPagesPerTransaction.
model::Result<void> Salvage::each_row(Taker take, std::uint64_t row_bytes_max) {
    PageRows rows(file_, row_bytes_max);
    salvaged_.pages_damaged = 0;
    std::uint32_t taken = 0;
    while (taken < file_.pages()) {
        const std::uint32_t last = taken + std::min(file_.pages() - taken, kPagesPerTransaction);
        auto done = in_transaction([&] { return take_pages(taken + 1, last, rows, take); });
        if (!done) return done;
        taken = last;
    }
    return {};
}

model::Result<void> Salvage::take_pages(
    std::uint32_t first, std::uint32_t last, PageRows& rows, Taker take
) {
    page_ = first;
    for (std::uint32_t left = last - first + 1; left > 0; --left, ++page_) {
        if (auto taken = take_rows(rows, take); !taken) return taken;
    }
    return {};
}

model::Result<void> Salvage::take_rows(PageRows& rows, Taker take) {
    if (!rows.start(page_)) ++salvaged_.pages_damaged;
    while (const PageRow* row = rows.next()) {
        if (auto taken = (this->*take)(*row); !taken) return taken;
    }
    return {};
}

// From their index; it also tells the rows of their table from those of devices, which look the
// same.
void Salvage::read_datasets() {
    PageRows rows(file_, kSmallRowBytes);
    for (std::uint32_t page = 1; page <= file_.pages(); ++page) {
        if (page % kPagesPerTransaction == 1) runtime::notify_starting_for(kTransactionMax);
        if (!rows.start(page)) continue;
        while (const PageRow* row = rows.next()) {
            if (const auto dataset = dataset_row(*row))
                datasets_.try_emplace(dataset->id, dataset->name);
        }
    }
}

model::Result<void> Salvage::take_small_row(const PageRow& row) {
    if (const auto device = device_row(row)) return take_name(device->id, device->name);
    if (const auto cursor = cursor_row(row)) take_cursor(*cursor);
    if (const auto backlog = backlog_row(row)) take_backlog(*backlog);
    if (const auto counter = ledger_row(row)) {
        // Counts only grow.
        auto& count = counts_[{std::string(counter->uplink), std::string(counter->counter)}];
        count = std::max(count, counter->count);
    }
    if (is_dead_letter(row)) return take_dead_letter(row);
    if (is_boot(row))
        return into_.boot.execute(*row.rowid, text(row, 1), integer(row, 2), integer(row, 3));
    if (is_gap(row)) return take_gap(row);
    if (is_erasure(row)) return take_erasure(row);
    if (is_erasing(row)) {
        return into_.erasing.execute(
            *row.rowid, text(row, 1), text(row, 2), text(row, 3), integer(row, 4)
        );
    }
    if (is_session_mark(row)) {
        const Blob session = std::get<Blob>(row.columns[0]);
        return into_.session_mark.execute(session, integer(row, 1), integer(row, 2));
    }
    return {};
}

model::Result<void> Salvage::take_name(std::int64_t id, std::string_view name) {
    const auto dataset = datasets_.find(id);
    const bool indexed = dataset != datasets_.end() && dataset->second == name;
    if (page_ == kDatasetPage || indexed) {
        datasets_.try_emplace(id, name);
        return {};
    }
    devices_.insert(static_cast<std::uint64_t>(id));
    return into_.device.execute(id, name);
}

void Salvage::take_cursor(const CursorRow& row) {
    auto& cursor = cursors_[{std::string(row.uplink), std::string(row.dataset)}];
    if (row.next_sequence < cursor.next_sequence) return;
    cursor = CursorPosition{row.next_sequence, row.open_last};
}

// Which of its rows is the latest cannot be told: the cursor goes back to the earliest, and what is
// sent again has the sequences it had.
void Salvage::take_backlog(const BacklogRow& row) {
    auto [first, is_new] = backlogs_.try_emplace(
        {std::string(row.uplink), std::string(row.dataset)}, row.next_sequence
    );
    if (!is_new) first->second = std::min(first->second, row.next_sequence);
}

model::Result<void> Salvage::take_dead_letter(const PageRow& row) {
    auto taken = into_.dead_letter.execute(
        *row.rowid,
        text(row, 1),
        text(row, 2),
        integer(row, 3),
        text(row, 4),
        integer(row, 5),
        text(row, 6),
        text(row, 7),
        text(row, 8),
        integer(row, 9),
        integer(row, 10),
        integer(row, 11),
        integer(row, 12),
        text(row, 13)
    );
    if (taken && into_.changed()) ++salvaged_.dead_letters;
    return taken;
}

// One that was told and forgotten may be told again: the recipient knows it by its sequences.
model::Result<void> Salvage::take_gap(const PageRow& row) {
    return into_.gap.execute(
        text(row, 0),
        text(row, 1),
        integer(row, 2),
        text(row, 3),
        integer(row, 4),
        integer(row, 5),
        integer(row, 6),
        integer(row, 7),
        integer(row, 8),
        integer(row, 9)
    );
}

model::Result<void> Salvage::take_erasure(const PageRow& row) {
    return into_.erasure.execute(
        text(row, 0),
        text(row, 1),
        integer(row, 2),
        text(row, 3),
        text(row, 4),
        text(row, 5),
        integer(row, 6),
        integer(row, 7)
    );
}

// Nothing is taken for damaged whose keys are elsewhere; see SqliteStore.
model::Result<void> Salvage::look_for_key(const SalvagedSegment& segment) {
    const SegmentKey key = key_of(segment.body);
    if (key.is_none() || key.store == store_) return {};
    const auto is_missing = keys_.ring_is_missing();
    if (!is_missing) return is_missing.error();
    if (*is_missing) return Errc::keys_missing;
    store_ = key.store;
    keys_.set_store(store_);
    return {};
}

model::Result<bool> Salvage::is_whole(const SalvagedSegment& segment, std::uint64_t row) {
    if (!datasets_.contains(static_cast<std::int64_t>(segment.dataset))) return false;
    if (auto found = look_for_key(segment); !found) return found.error();
    const auto body = opener_.open(row, segment.body);
    if (!body) return body.error();
    if (!codec_.decode(*body, readings_, texts_)) return false;
    return readings_.size() == segment.count &&
           std::all_of(readings_.begin(), readings_.end(), [&](const SegmentReading& reading) {
               return devices_.contains(segment.device_base + reading.device);
           });
}

model::Result<void> Salvage::take_segment(const PageRow& row) {
    const auto segment = segment_row(row);
    if (!segment) return {};
    const auto whole = is_whole(*segment, static_cast<std::uint64_t>(*row.rowid));
    if (!whole) return whole.error();
    if (!*whole) return {};
    auto taken = into_.segment.execute(
        *row.rowid,
        segment->count,
        segment->stored_at,
        segment->observed_from,
        segment->device_base,
        segment->body
    );
    if (!taken || !into_.changed()) return taken;
    const std::uint64_t last = segment->first_sequence + segment->count - 1;
    last_sequence_ = std::max(last_sequence_, last);
    salvaged_.readings += segment->count;
    const auto known = counts_.find({std::string(), "sequence"});
    if (known == counts_.end() || last <= known->second) return {};
    found_behind_books_[datasets_.at(static_cast<std::int64_t>(segment->dataset))] +=
        std::min(segment->count, last - known->second);
    return {};
}

// Of the readings behind the sequence that the books are of, up to the last one that a segment or a
// cursor knows, those that are not there. A cursor may be behind all that was stored, when what
// waited was set aside.
std::uint64_t Salvage::missing_behind_books() const {
    const auto books = counts_.find({std::string(), "sequence"});
    if (books == counts_.end() || last_sequence_ <= books->second) return 0;
    const std::uint64_t given = last_sequence_ - books->second;
    std::uint64_t found = 0;
    for (const auto& [dataset, count] : found_behind_books_) found += count;
    return given - std::min(given, found);
}

// What the books do not know of yet was stored too; otherwise it would stand for others that are
// missing.
void Salvage::add_behind_books() {
    for (const auto& [dataset, count] : found_behind_books_)
        counts_[{std::string(), "stored"}] += count;
    for (const auto& [queue, cursor] : cursors_) {
        const auto found = found_behind_books_.find(queue.second);
        if (found != found_behind_books_.end()) counts_[{queue.first, "stored"}] += found->second;
    }
}

// What is missing is counted when the store is opened, by what waits then and by the sequence mark.
model::Result<void> Salvage::write_books() {
    for (const auto& [id, name] : datasets_) {
        auto kept = into_.dataset.execute(id, std::string_view(name));
        if (!kept) return kept;
    }
    for (const auto& [queue, cursor] : cursors_) {
        const std::string_view uplink = queue.first;
        const std::string_view dataset = queue.second;
        last_sequence_ = std::max(last_sequence_, cursor.next_sequence - 1);
        CursorPosition kept_at = cursor;
        const auto backlog = backlogs_.find(queue);
        if (backlog != backlogs_.end() && backlog->second < cursor.next_sequence)
            kept_at = CursorPosition{backlog->second, 0};
        auto kept = into_.cursor.execute(uplink, dataset, kept_at.next_sequence, kept_at.open_last);
        if (!kept) return kept;
        if (kept_at.open_last != 0) continue;
        if (auto again = into_.gap_again.execute(uplink, dataset); !again) return again;
        if (auto again = into_.erasure_again.execute(uplink, dataset); !again) return again;
    }
    salvaged_.ledger_found = !counts_.empty();
    // Without the books the store still knows its keys for its own.
    if (store_ != 0) counts_.try_emplace({std::string(), "store"}, store_);
    add_behind_books();
    counts_[{std::string(), "salvaged"}] = 1 + missing_behind_books();
    auto& sequence = counts_[{std::string(), "sequence"}];
    sequence = std::max(sequence, last_sequence_);
    auto& stored = counts_[{std::string(), "stored"}];
    stored = std::max(stored, salvaged_.readings);
    for (const auto& [name, count] : counts_) {
        const std::string_view uplink = name.first;
        const std::string_view counter = name.second;
        if (auto kept = into_.ledger.execute(uplink, counter, count); !kept) return kept;
    }
    return {};
}

}  // namespace

model::Result<Salvaged> salvage(
    const std::string& from,
    const std::string& into,
    const std::string& vfs,
    anonymise::KeyRing* keys
) {
    if (auto prepared = prepare_store_file(into); !prepared) return prepared.error();
    auto connection = SqliteConnection::open(into, vfs);
    if (!connection) return connection.error();
    if (auto made = store_schema().migrate(*connection); !made) return made.error();
    std::optional<Salvage> work;
    work.emplace(from, *connection, keys);
    auto salvaged = work->run();
    work.reset();
    if (!salvaged) return salvaged;
    if (auto copied = connection->checkpoint(true); !copied) return copied.error();
    return salvaged;
}

}  // namespace gateway::buffer
