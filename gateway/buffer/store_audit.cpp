#include "gateway/buffer/store_audit.hpp"

#include "gateway/buffer/damaged_file.hpp"
#include "gateway/buffer/record_codec.hpp"
#include "gateway/buffer/sequence_mark.hpp"

#include <algorithm>
#include <set>

namespace gateway::buffer {
namespace {

using boost::system::error_code;

template <class List, class Value>
void list(List& into, Value value) {
    if (into.size() < Audit::kListedMax) into.push_back(std::move(value));
}

// Looks into the segments of a view, one after another.
class SegmentAudit {
  public:
    SegmentAudit(StoreView& view, Audit& audit) : view_(view), audit_(audit) {}

    model::Result<void> run() {
        const auto is_missing = view_.keys().ring_is_missing();
        if (!is_missing) return is_missing.error();
        is_without_keys_ = *is_missing;
        for (const StoredDataset& dataset : view_.layout().datasets()) {
            if (auto done = look_into(dataset); !done) return done;
        }
        return {};
    }

  private:
    model::Result<void> look_into(const StoredDataset& dataset) {
        auto rows = view_.segments().bodies_from(dataset.id, 0);
        std::uint64_t end = 0;
        while (true) {
            const auto row = rows.next();
            if (!row) return row.error();
            if (!*row) return {};
            const bool is_in_order = (*row)->first_sequence >= end &&
                                     (*row)->end_sequence() <= view_.state().last_sequence + 1;
            end = std::max(end, (*row)->end_sequence());
            const auto fault = fault_of(dataset, **row);
            if (!fault) return fault.error();
            ++audit_.segments;
            audit_.readings += (*row)->count;
            if (*fault)
                note(dataset, **row, **fault);
            else if (!is_in_order)
                note(dataset, **row, SegmentFault::Kind::out_of_order);
        }
    }

    model::Result<std::optional<SegmentFault::Kind>> fault_of(
        const StoredDataset& dataset, const SegmentRow& row
    ) {
        using Kind = SegmentFault::Kind;
        if (is_without_keys_ && !row.key.is_none()) return Errc::keys_missing;
        if (row.body.empty() && !row.key.is_none()) {
            const auto key = view_.keys().find(dataset.id, row.key);
            if (!key) return key.error();
            return std::optional(*key == nullptr ? Kind::key_gone : Kind::damaged);
        }
        if (!codec_.decode(row.body, readings_, texts_) || readings_.size() != row.count)
            return std::optional(Kind::damaged);
        std::set<std::uint64_t> devices;
        for (const SegmentReading& reading : readings_) devices.insert(reading.device);
        for (const std::uint64_t device : devices) {
            const auto name = view_.devices().find(row.device_base + device);
            if (!name) return name.error();
            if (!*name) return std::optional(Kind::no_device);
        }
        return std::optional<Kind>{};
    }

    void note(const StoredDataset& dataset, const SegmentRow& row, SegmentFault::Kind kind) {
        ++audit_.segments_faulty;
        audit_.readings_faulty += row.count;
        list(audit_.faults, SegmentFault{kind, dataset.name, row.first_sequence, row.count});
    }

    StoreView& view_;
    Audit& audit_;
    bool is_without_keys_ = false;
    RecordCodec codec_;
    std::vector<SegmentReading> readings_;
    SegmentTexts texts_;
};

// Every page's checksum, and the log's. What the gateway writes at this moment may be read in half.
void audit_pages(const std::string& path, Audit& audit) {
    for (int i = 0; i < kLooksMax; ++i) {
        const StoreMoment before(path);
        const DamagedFile file(path);
        audit.pages = file.pages();
        audit.pages_damaged = 0;
        audit.damaged.clear();
        audit.log_damaged = file.is_log_damaged();
        DamagedFile::Page page{};
        for (std::uint32_t number = 1; number <= file.pages(); ++number) {
            if (file.read(number, page)) continue;
            ++audit.pages_damaged;
            list(audit.damaged, number);
        }
        const bool is_sound = audit.pages_damaged == 0 && !audit.log_damaged;
        if (is_sound || StoreMoment(path) == before) return;
    }
}

// As SqliteStore::open would settle them. An uplink whose datasets changed since is begun anew
// there, and has no balance yet.
void audit_books(const StoreView& view, Audit& audit) {
    const auto& queues = view.layout().queues();
    for (const auto& [uplink, ledger] : view.state().ledger.uplinks) {
        std::uint64_t waiting = 0;
        bool is_known = false;
        bool is_changed = false;
        for (std::size_t i = 0; i < queues.size(); ++i) {
            if (queues[i].uplink != uplink) continue;
            waiting += view.state().queues[i].waiting();
            (view.is_known(i) ? is_known : is_changed) = true;
        }
        if (!is_known || is_changed) continue;
        const auto accounted = ledger.delivered + waiting + ledger.dead + ledger.evicted_total();
        if (accounted == ledger.stored)
            ++audit.uplinks_balanced;
        else
            list(audit.books, BookFault{uplink, ledger.stored, accounted});
    }
}

// What one view of the whole tells.
model::Result<void> audit_whole(StoreView& view, Audit& audit) {
    auto faults = view.structure_faults(Audit::kListedMax);
    if (!faults) return faults.error();
    std::erase(*faults, "ok");
    audit.structure_faults = std::move(*faults);
    audit_books(view, audit);
    return SegmentAudit(view, audit).run();
}

// Of the database; the others are of the keys.
bool is_of_database(const error_code& failure) {
    return failure == Errc::damaged || failure == Errc::in_use ||
           std::string_view(failure.category().name()) == "sqlite";
}

}  // namespace

Audit audit_store(const settings::Settings& settings, anonymise::KeyRing* keys) {
    const std::string& path = settings.buffer.path;
    Audit pages;
    audit_pages(path, pages);
    for (int i = 0; i < kLooksMax; ++i) {
        const StoreMoment before(path);
        Audit audit = pages;
        // Before the database, since it is never ahead of that.
        SequenceMark mark(sequence_mark_path(path));
        mark.load();
        audit.is_suspect = mark.suspect();
        const auto view = StoreView::open(settings, keys);
        if (!view) {
            audit.view_failure = view.error();
            if (StoreMoment(path) == before) return audit;
            continue;
        }
        const std::uint64_t last = (*view)->state().last_sequence;
        if (mark.shows_loss(last)) audit.lost_at_end = std::max(mark.committed(), last + 1) - last;
        if (const auto done = audit_whole(**view, audit); !done)
            (is_of_database(done.error()) ? audit.view_failure : audit.keys_failure) = done.error();
        if (audit.is_sound() || (*view)->is_current()) return audit;
    }
    pages.view_failure = Errc::in_use;
    return pages;
}

}  // namespace gateway::buffer
