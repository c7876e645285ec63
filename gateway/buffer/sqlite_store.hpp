#pragma once
#include "gateway/buffer/batch_reader.hpp"
#include "gateway/buffer/boot_table.hpp"
#include "gateway/buffer/dead_letter_table.hpp"
#include "gateway/buffer/disk_reserve.hpp"
#include "gateway/buffer/eraser.hpp"
#include "gateway/buffer/erasure_order_table.hpp"
#include "gateway/buffer/evictor.hpp"
#include "gateway/buffer/ledger_table.hpp"
#include "gateway/buffer/name_table.hpp"
#include "gateway/buffer/person_reader.hpp"
#include "gateway/buffer/record_codec.hpp"
#include "gateway/buffer/segment_table.hpp"
#include "gateway/buffer/sequence_mark.hpp"
#include "gateway/buffer/session_table.hpp"
#include "gateway/buffer/sqlite_connection.hpp"
#include "gateway/buffer/step_table.hpp"
#include "gateway/buffer/store.hpp"
#include "gateway/buffer/store_layout.hpp"
#include "gateway/buffer/token_table.hpp"
#include "gateway/settings/settings.hpp"

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace gateway::buffer {

// The store in one SQLite file: write-ahead log, every commit synced, one connection. The bounds:
// the database file never has more pages than size_max allows; segments may fill them up to
// kReservePages less, so that cursors, counts and dead letters always have room, and where nothing
// may be evicted, those of others than alarms one part in kAlarmShare less; the log is copied back
// between two transactions when it is over kLogBytesMax. When the disk is full before the file
// is, a reserve on the disk lets the log go on; the file no longer grows until there is room again.
class SqliteStore final : public Store {
  public:
    static constexpr std::uint64_t kLogBytesMax = 4U << 20;
    static constexpr std::uint64_t kReservePages = 64;
    static constexpr std::uint64_t kAlarmShare = 16;

    // Opens the file of `settings`, which must exist (an empty one becomes a store). `vfs` names
    // the SQLite VFS to use; empty: the system's. `keys` is where the keys of segments live, and
    // outlives the store; null: segments are stored as they are. Errc::damaged when the file cannot
    // be used.
    static model::Result<std::unique_ptr<SqliteStore>> open(
        const settings::Settings& settings,
        model::Instant now,
        const std::string& vfs = {},
        anonymise::KeyRing* keys = nullptr
    );

    // Readings that were acknowledged and found missing at the open: at the end of what was stored,
    // as the sequence mark shows; and before it, of those that the uplink that misses most by its
    // books still waits for.
    std::uint64_t lost() const { return lost_; }
    // The same of a store that is new beside a mark that is not. Which of them had been delivered
    // nobody knows; the ledger has none.
    std::uint64_t forgotten() const { return forgotten_; }
    std::uint64_t missing() const { return missing_; }
    // Behind which sequence a store goes on that is new beside keys of earlier readings; 0: it is
    // not such a one.
    std::uint64_t renumbered() const { return renumbered_; }
    // What the open erased of an order that a power cut had interrupted; nothing if there was none.
    const std::optional<Erased>& erased() const { return erased_; }

    std::span<const QueueName> queues() const override { return layout_.queues(); }
    std::uint64_t next_device() const override { return next_device_; }
    const StoreState& state() const override { return state_; }
    std::vector<StoredMark> take_session_marks() override { return std::move(session_marks_); }
    std::vector<StoredSteps> take_steps() override { return std::move(steps_); }
    std::vector<VaultToken> take_tokens() override { return std::move(tokens_); }
    std::vector<VaultToken> take_forgotten_tokens() override {
        return std::exchange(forgotten_tokens_, {});
    }

    model::Result<Written> write(const Group& group) override;
    model::Result<void> date_boot(const BootDate& date) override;
    model::Result<std::optional<Batch>> open_batch(QueueLane from, BatchLimits limits) override;
    model::Result<void> reopen_batch(QueueLane from) override;
    model::Result<void> confirm(QueueLane from, std::uint64_t last_sequence) override;
    model::Result<void> bury(
        QueueLane from, std::uint64_t last_sequence, const std::string& cause, model::Instant now
    ) override;
    model::Result<bool> set_aside(std::size_t queue, std::uint64_t last) override;
    model::Result<void> find_readings(const PersonQuery& query, const PersonVisitor& visit)
        override;
    model::Result<void> find_letters(const PersonQuery& query, const PersonVisitor& visit) override;
    model::Result<std::optional<std::string>> find_token(
        const std::string& dataset, const IdentityPrint& identity
    ) override;
    model::Result<Erased> erase(const ErasureOrder& order) override;
    model::Result<void> maintain(model::Instant now, std::uint64_t device_base) override;
    model::Result<void> close() override;

  private:
    struct Tables {
        Tables(SqliteConnection& connection, SegmentKeys& keys);
        SegmentTable segments;
        NameTable devices;
        LedgerTable ledger;
        DeadLetterTable dead_letters;
        ErasureOrderTable erasure_orders;
        SessionTable sessions;
        StepTable steps;
        TokenTable tokens;
        BootTable boots;
        SqliteStatement page_count;
        SqliteStatement free_count;
    };

    SqliteStore(
        SqliteConnection connection,
        StoreLayout layout,
        const settings::Buffer& settings,
        anonymise::KeyRing* keys
    );

    // Opening.
    model::Result<void> load(model::Instant now);
    model::Result<void> look_for_keys();
    model::Result<void> drop_former_uplinks(StoreState& draft);
    model::Result<void> load_queues(StoreState& draft, model::Instant now);
    model::Result<void> count_segments(StoreState& draft);
    void mind_sequences(StoreState& draft);
    model::Result<void> number_beyond_a_backup(StoreState& draft, model::Instant now);
    // Answers how many readings the uplink misses.
    std::uint64_t settle(StoreState& draft, const std::string& uplink, bool datasets_changed);

    // Parts of write().
    model::Result<Written> write_what_fits(const Group& group);
    bool has_any(const Group& group, settings::Priority priority) const;
    model::Result<bool> try_write(const Group& group, Written extent);
    model::Result<bool> write_group(const Group& group, Written extent, StoreState& draft);
    model::Result<bool> write_dataset(const Group& group, std::size_t dataset, StoreState& draft);
    model::Result<bool> write_sessions(const Group& group, Written extent, StoreState& draft);
    model::Result<bool> write_steps(const Group& group, Written extent, StoreState& draft);
    model::Result<bool> write_tokens(const Group& group, StoreState& draft);
    struct Demand {
        std::uint64_t bytes = 0;
        settings::Priority priority = settings::Priority::normal;
        model::Instant now{};
    };
    model::Result<bool> make_room(const Demand& demand, StoreState& draft);
    std::uint64_t pages_allowed(settings::Priority priority) const;
    model::Result<std::uint64_t> pages_used();

    // Runs `change` on a copy of the state in a transaction, then commits both.
    using Change = std::function<model::Result<void>(StoreState&)>;
    model::Result<void> transact(const Change& change);
    model::Result<void> try_transact(const Change& change);
    // Makes room for the log on a full disk; false when nothing can be done.
    bool relieve_disk();
    void restore_reserve();
    // Lets the file grow again when the disk, which was full, has room; false when nothing changes.
    bool regain_disk();
    std::uint64_t file_pages() const {
        return (state_.figures.bytes - log_bytes_) / SqliteConnection::kPageBytes;
    }
    model::Result<void> commit(SqliteTransaction& transaction, StoreState& draft);
    model::Result<void> refresh(StoreState& draft);
    // With readings at or after the sequence.
    model::Result<std::optional<SegmentRow>> first_segment(
        std::uint64_t dataset, std::uint64_t from_sequence
    );
    model::Result<void> find_oldest(
        std::uint64_t dataset, const BootRanges& boots, QueueRange& range
    );
    model::Result<void> keep_log_short();
    model::Result<void> checkpoint(bool truncate);

    // Parts of the way out.
    // Empties the log when the queue has fewer erasures to tell than it had: it has their texts.
    model::Result<void> forget_told(std::size_t queue, std::size_t erasures_before);
    // Moves the lane's cursor behind `last_sequence`; answers how many readings it passed.
    model::Result<std::uint64_t> advance(
        QueueLane from, std::uint64_t last_sequence, StoreState& draft
    );
    struct NewBatch {
        Batch batch;
        bool has_guess = false;  // some date in it is not final yet
        BatchLimits limits;
    };
    model::Result<std::optional<Batch>> batch_left_open(QueueLane from, Batch batch);
    model::Result<std::optional<Batch>> new_batch(QueueLane from, NewBatch opened);
    // Gives what is stored from the sequence on back to the live lane, which was parted there.
    model::Result<void> take_back(
        std::size_t queue, std::uint64_t from_sequence, QueueState& parted
    );
    void count_dated(QueueLane from, const Batch& batch, StoreState& draft) const;
    model::Result<void> skip_damaged(QueueLane from);
    model::Result<void> remove_expired(model::Instant now);
    void remove_old_copies(model::Instant now) const;
    std::chrono::seconds longest_retention() const;
    model::Result<void> remove_confirmed(const StoredDataset& dataset);
    model::Result<void> remove_devices(std::uint64_t device_base);
    model::Result<void> forget_boots();
    model::Result<void> remove_idle_steps(model::Instant now);
    model::Result<void> remove_former_tokens();
    model::Result<void> destroy_spent_keys(model::Instant now);

    // Parts of erase().
    void note_erasures(const ErasureOrder& order, StoreState& draft) const;
    // What is under way; that it has to wait is no error.
    model::Result<void> go_on_erasing(model::Instant now, Erased& erased);
    // Removes the order when nothing of it is left.
    model::Result<void> carry_out(const ErasureOrder& order, Erased& erased);
    model::Result<void> erase_segments(const ErasureOrder& order, Erased& erased);
    model::Result<void> erase_texts(const ErasureOrder& order, Erased& erased);
    // Answers how many dead letters went.
    model::Result<std::uint64_t> erase_texts_of(
        const ErasureOrder::Dataset& dataset, std::uint64_t device_base
    );
    model::Result<void> erase_tokens_of(
        const ErasureOrder::Dataset& dataset, std::vector<VaultToken>& forgotten
    );
    model::Result<void> erase_steps_of(const ErasureOrder::Dataset& dataset);
    UplinkLedger& ledger_of(std::size_t queue, StoreState& draft) const;

    std::string path_;
    SqliteConnection connection_;
    SegmentKeys keys_;
    Tables tables_;
    StoreLayout layout_;
    RecordCodec codec_;
    Evictor evictor_;
    BatchReader reader_;
    Eraser eraser_;
    PersonReader person_reader_;
    settings::Buffer::Full full_;
    std::uint64_t pages_max_;
    std::uint64_t segment_pages_max_;
    std::uint64_t alarm_pages_;     // of these
    std::uint64_t disk_pages_max_;  // what the disk let the file have when it was full
    DiskReserve disk_reserve_;
    SequenceMark mark_;
    std::vector<StoredMark> session_marks_;
    std::vector<StoredSteps> steps_;
    std::vector<VaultToken> tokens_;
    std::vector<VaultToken> forgotten_tokens_;
    bool is_new_ = false;
    std::uint64_t lost_ = 0;
    std::uint64_t forgotten_ = 0;
    std::uint64_t renumbered_ = 0;
    std::uint64_t missing_ = 0;
    std::uint64_t next_device_ = 1;
    std::optional<Erased> erased_;
    bool erasure_waits_ = false;      // for room, or until copies can be removed
    bool awaits_dates_ = false;       // batches wait for the date of their readings
    std::uint64_t log_bytes_ = 0;     // of the log's file
    std::uint64_t copied_pages_ = 0;  // by checkpoints
    StoreState state_;
};

}  // namespace gateway::buffer
