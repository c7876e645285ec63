#pragma once
#include "gateway/aggregate/counts.hpp"
#include "gateway/aggregate/group_decision.hpp"
#include "gateway/aggregate/meter_indexes.hpp"
#include "gateway/aggregate/random_bits.hpp"
#include "gateway/aggregate/registry.hpp"
#include "gateway/aggregate/rules.hpp"
#include "gateway/aggregate/spool_cipher.hpp"
#include "gateway/aggregate/spool_file.hpp"
#include "gateway/aggregate/spool_tables.hpp"
#include "gateway/aggregate/window_totals.hpp"
#include "gateway/anonymise/key_ring.hpp"
#include "gateway/model/decimal.hpp"
#include "gateway/model/result.hpp"
#include "gateway/model/time.hpp"

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <unordered_map>
#include <vector>

namespace gateway::aggregate {

// A reading of a dataset's aggregated quantity, as the buffer stored it.
struct Contribution {
    std::uint64_t sequence = 0;
    MeterToken meter{};
    model::Decimal value;
    model::Instant observed_at{};
};

// The readings of one batch of the buffer, in the order of their sequences, those of other
// quantities left out. The next batch begins at `next_sequence` or later.
struct Portion {
    std::uint64_t next_sequence = 0;
    std::span<const Contribution> readings;
};

// The windows of one dataset: readings go in from the buffer, sums of groups come out frozen in the
// SpoolFile. It reads the buffer as an uplink does, by a queue of its own that is never set aside,
// so that sequences only grow:
//   batch = lane.open(); release_due(watermark); take(batch); lane.confirm(); send next_release()
// The release before each batch moves the horizon to where the batch is: without it readings that
// waited for long would be too far ahead. Where nothing may be released, nothing is to be taken.
// Its own cursor moves in the transaction that spools what was taken, so every reading is in
// exactly one window whatever is switched off: a batch that is taken again adds nothing. A release
// is one transaction as well: frozen result, budget, end of the window's spool. Then the window's
// key is destroyed, or, if the power goes before that, when it is opened the next time.
// Blocks; one thread at a time, the storage thread. After an error of take(), or of a release that
// has begun, it does nothing any more (Errc::failed): open file and aggregation again.
class Aggregation {
  public:
    // Each must outlive it.
    struct Surroundings {
        SpoolFile& file;
        anonymise::KeyRing& keys;
        EntropySource& entropy;
    };

    // Windows a call of release_due releases at most: its caller answers to others in between.
    static constexpr std::size_t kReleasesMax = 64;
    // A noisy dataset releases windows in which nothing came as well, but, after the box was away,
    // not more than so many: which are left out depends on time alone, and what was brought to them
    // goes unreleased.
    static constexpr std::int64_t kWindowsBehindMax = 1000;

    // Continues where the file says. A new dataset begins with the window that holds `now`, which
    // must be a trusted date. Windows that were begun under another registry or other rules, or
    // whose spool cannot be read, will be released with every sum suppressed. Indexes of meters
    // that are no longer in the registry, or that these rules do not need, are removed.
    // Errc::impossible_rule as check() does.
    static model::Result<std::unique_ptr<Aggregation>> open(
        Surroundings surroundings, Rules rules, Registry registry, model::Instant now
    );

    // What the aggregation has not taken yet; never goes back.
    std::uint64_t next_sequence() const { return row_.next_sequence; }

    // Spools the readings of sequences from next_sequence() on, counts those that are in no window,
    // and moves next_sequence(). One transaction, and one before it for windows that it opens.
    model::Result<void> take(const Portion& portion);

    // Takes a meter out of every open window, and its index: a person's erasure. What is released
    // already names nobody.
    model::Result<void> forget(const MeterToken& token);

    // Releases, the oldest first, the windows that ended long enough before the watermark: a time
    // such that every reading that was stored before it has been taken. With noise, call it on a
    // fixed tick and send on the next one: see DiscreteLaplace. Answers how many were released;
    // when kReleasesMax, there may be more.
    model::Result<std::size_t> release_due(model::Instant watermark);

    const Counts& counts() const { return counts_; }
    std::size_t open_windows() const { return windows_.size(); }

  private:
    struct OpenWindow {
        std::int64_t row = 0;
        std::optional<anonymise::Key> key;  // none: it was lost
        WindowTotals totals;
        std::optional<Suppression> closed;  // why no sum of it will be released
    };
    using Totals = std::unordered_map<std::uint32_t, std::int64_t>;
    struct Draft {
        std::map<WindowId, Totals> totals;  // as they will be
        Counts counts;
        MeterIndexes::Draft indexes{};
    };

    Aggregation(Surroundings surroundings, Rules rules, Registry registry);

    // --- opening ---
    model::Result<void> load(model::Instant now);
    model::Result<void> load_window(const WindowRow& row);
    model::Result<void> load_totals(const WindowId& id, OpenWindow& window);
    std::string index_key_prefix() const;
    model::Result<void> load_indexes();
    model::Result<bool> read_indexes(const anonymise::Key& key);
    model::Result<void> remove_indexes();
    model::Result<void> remove_strangers(const std::vector<MeterToken>& strangers);

    // --- taking ---
    void sort_in(Draft& draft, const Contribution& reading) const;
    std::optional<std::int64_t> units_brought(
        Draft& draft, std::uint32_t meter, const Contribution& reading
    ) const;
    std::optional<WindowId> window_of(Draft& draft, const Contribution& reading) const;
    model::Result<void> open_windows_of(const Draft& draft);
    model::Result<void> put_totals(const WindowId& id, const Totals& totals);
    model::Result<void> put_indexes(const MeterIndexes::Draft& draft);
    model::Result<void> spool(const Draft& draft, std::uint64_t next_sequence);

    // --- releasing ---
    std::optional<WindowId> next_due(std::int64_t watermark) const;
    void leave_out_windows(std::int64_t watermark);
    model::Result<void> drop_left_out();
    model::Result<void> release(const WindowId& id);
    struct Outcome {
        std::vector<GroupDecision> groups;
        bool costs_budget = false;
    };
    model::Result<Outcome> outcome_of(const WindowId& id);
    model::Result<Outcome> noisy_outcome(const WindowId& id, const Noise& noise);
    model::Result<void> destroy_key(const WindowId& id, std::int64_t row);

    bool is_noisy() const { return std::holds_alternative<Noise>(rules_.protection); }
    std::int64_t period_of(const WindowId& id) const;
    // The first start of a window that is not before `time`.
    std::int64_t next_start(std::int64_t time) const;
    std::string key_name(const WindowId& id) const;
    model::Result<void> fail(model::Result<void> result);

    Surroundings at_;
    Rules rules_;
    Registry registry_;
    std::vector<std::byte> fingerprint_;  // of registry and rules
    SpoolTables tables_;
    SpoolCipher cipher_;
    DatasetRow row_;
    Counts counts_;
    std::map<WindowId, OpenWindow> windows_;
    MeterIndexes indexes_;
    std::optional<anonymise::Key> index_key_;  // only where increases are summed
    bool failed_ = false;
};

}  // namespace gateway::aggregate
