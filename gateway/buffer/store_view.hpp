#pragma once
#include "gateway/buffer/boot_table.hpp"
#include "gateway/buffer/damaged_file.hpp"
#include "gateway/buffer/dead_letter_table.hpp"
#include "gateway/buffer/erasure_order_table.hpp"
#include "gateway/buffer/error.hpp"
#include "gateway/buffer/ledger_table.hpp"
#include "gateway/buffer/name_table.hpp"
#include "gateway/buffer/person_reader.hpp"
#include "gateway/buffer/segment_table.hpp"
#include "gateway/buffer/store.hpp"
#include "gateway/buffer/store_layout.hpp"
#include "gateway/buffer/store_moment.hpp"

#include <memory>
#include <string>
#include <vector>

namespace gateway::buffer {

// A store that is only looked at, whether a gateway has it open or not: what was committed at one
// moment. Takes no lock, changes no file, makes none. Books are as they are: nothing is settled,
// salvaged or migrated. Where the gateway writes meanwhile, is_current() says whether what was read
// is of that moment; see look_at_store().
class StoreView {
  public:
    // Looks at the file of `settings`. `keys` as for SqliteStore::open. Errc::damaged when SQLite
    // cannot make anything of it, Errc::older_schema when an earlier release wrote it and this one
    // has not been started since, Errc::newer_schema; no_such_file_or_directory, permission_denied.
    static model::Result<std::unique_ptr<StoreView>> open(
        const settings::Settings& settings, anonymise::KeyRing* keys
    );

    // Whether what was read so far is of one moment.
    bool is_current() const { return StoreMoment(path_) == moment_; }

    const StoreLayout& layout() const { return layout_; }
    // With what waits, counted by the segments. Without figures.
    const StoreState& state() const { return state_; }
    // Whether the books know the queue: not before the first run with its uplink and dataset.
    bool is_known(std::size_t queue) const { return known_[queue]; }

    model::Result<SegmentFigures> figures(const StoredDataset& dataset) {
        return tables_.segments.figures(dataset.id);
    }
    model::Result<std::uint64_t> pages() { return number("PRAGMA page_count"); }
    model::Result<std::uint64_t> free_pages() { return number("PRAGMA freelist_count"); }

    // Readings of a dataset behind a sequence, in their order. People whose erasure is under way
    // have none.
    model::Result<void> readings(
        const StoredDataset& dataset,
        std::uint64_t after,
        const PersonVisitor& visit,
        const std::function<void(const SegmentRow&)>& on_unreadable
    );

    // What the audit asks for.
    SegmentTable& segments() { return tables_.segments; }
    NameTable& devices() { return tables_.devices; }
    SegmentKeys& keys() { return keys_; }
    // Of SQLite's own check of the structure, at most so many; "ok" alone when there is none.
    model::Result<std::vector<std::string>> structure_faults(std::size_t count_max);

  private:
    struct Tables {
        Tables(SqliteConnection& connection, SegmentKeys& keys);
        SegmentTable segments;
        NameTable devices;
        LedgerTable ledger;
        DeadLetterTable letters;
        ErasureOrderTable erasures;
        BootTable boots;
    };

    StoreView(
        StoreMoment moment,
        SqliteConnection connection,
        StoreLayout layout,
        const settings::Settings& settings,
        anonymise::KeyRing* keys
    );
    model::Result<void> load();
    model::Result<void> count_segments();
    model::Result<std::uint64_t> number(const char* sql);

    std::string path_;
    StoreMoment moment_;
    SqliteConnection connection_;
    SegmentKeys keys_;
    Tables tables_;
    StoreLayout layout_;
    StoreState state_;
    std::vector<bool> known_;
    std::vector<ErasureOrder> erased_;
    PersonReader reader_;
};

// Looks until what was seen is of one moment, kLooksMax times at most; Errc::in_use when the store
// changes too fast for that. `look` answers a Result, and is begun anew with another view.
inline constexpr int kLooksMax = 8;

template <class Look>
auto look_at_store(const settings::Settings& settings, anonymise::KeyRing* keys, Look look)
    -> decltype(look(std::declval<StoreView&>())) {
    for (int i = 0; i < kLooksMax; ++i) {
        const StoreMoment before(settings.buffer.path);
        auto view = StoreView::open(settings, keys);
        if (!view) {
            if (StoreMoment(settings.buffer.path) == before) return view.error();
            continue;
        }
        auto result = look(**view);
        if ((*view)->is_current()) return result;
    }
    return Errc::in_use;
}

}  // namespace gateway::buffer
