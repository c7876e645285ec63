#pragma once
#include "gateway/buffer/batch.hpp"
#include "gateway/buffer/batch_queue.hpp"
#include "gateway/buffer/boot_ranges.hpp"
#include "gateway/buffer/erasure.hpp"
#include "gateway/buffer/figures.hpp"
#include "gateway/buffer/group.hpp"
#include "gateway/buffer/ledger.hpp"
#include "gateway/buffer/queue_state.hpp"
#include "gateway/buffer/session_mark.hpp"
#include "gateway/buffer/step_claim.hpp"
#include "gateway/buffer/vault_token.hpp"
#include "gateway/model/result.hpp"
#include "gateway/settings/settings.hpp"

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace gateway::buffer {

// An uplink's way out of one dataset. Queues are named, not numbered, in the store, so that the
// configuration may change its order.
struct QueueName {
    std::string uplink;
    std::string dataset;

    bool operator==(const QueueName&) const = default;
};

// A queue of the store and one of its lanes.
struct QueueLane {
    std::size_t queue = 0;
    Lane lane = Lane::live;
};

// What is committed, as figures.
struct StoreState {
    Ledger ledger;
    StoreFigures figures;
    std::uint64_t last_sequence = 0;  // the last one given out; never goes back
    std::uint64_t tokens_forgotten = 0;
    std::uint64_t store = 0;         // a random number, which the keys of its segments bear
    std::uint64_t salvaged = 0;      // not 0: made by salvage(), its books are not closed yet
    std::vector<QueueState> queues;  // as Store::queues()
    std::shared_ptr<const BootRanges> boots = std::make_shared<const BootRanges>();
};

// The blocking interface of the store, on the storage thread. Each call is one transaction: when
// it answers, its effect is on the disk, and state() has changed with it. An error means that the
// store can no longer promise anything: it does nothing after it.
class Store {
  public:
    // How much of a group was written; the rest found no room and may not make any.
    enum class Written : std::uint8_t {
        stored,       // all of it
        above_bulk,   // not the readings of bulk priority
        alarms_only,  // the readings of alarms alone
        full,         // nothing
    };

    virtual ~Store() = default;

    virtual std::span<const QueueName> queues() const = 0;
    virtual std::uint64_t next_device() const = 0;  // greater than every device number stored
    virtual const StoreState& state() const = 0;
    // Those that the open found; handed out once.
    virtual std::vector<StoredMark> take_session_marks() = 0;
    virtual std::vector<StoredSteps> take_steps() = 0;
    virtual std::vector<VaultToken> take_tokens() = 0;

    virtual model::Result<Written> write(const Group& group) = 0;

    // What is known of the boot whose readings are written from now on. Called before the first
    // write, and when more is known: held queues may then go on.
    virtual model::Result<void> date_boot(const BootDate& date) = 0;

    // See BatchLane; `last_sequence` is that of the batch in question, so that it may be confirmed
    // even when part of it was evicted since.
    virtual model::Result<std::optional<Batch>> open_batch(QueueLane from, BatchLimits limits) = 0;
    virtual model::Result<void> reopen_batch(QueueLane from) = 0;
    virtual model::Result<void> confirm(QueueLane from, std::uint64_t last_sequence) = 0;
    virtual model::Result<void> bury(
        QueueLane from, std::uint64_t last_sequence, const std::string& cause, model::Instant now
    ) = 0;
    virtual model::Result<bool> set_aside(std::size_t queue, std::uint64_t last) = 0;

    // Shows what is stored of a person: readings in the order of their sequences, dead letters in
    // that of their burial.
    virtual model::Result<void> find_readings(
        const PersonQuery& query, const PersonVisitor& visit
    ) = 0;
    virtual model::Result<void> find_letters(
        const PersonQuery& query, const PersonVisitor& visit
    ) = 0;

    // The token of an identity in a dataset's vault.
    virtual model::Result<std::optional<std::string>> find_token(
        const std::string& dataset, const IdentityPrint& identity
    ) = 0;

    // What erasures took out of the vault since the last call; StoreState counts it.
    virtual std::vector<VaultToken> take_forgotten_tokens() = 0;

    // Several transactions: with the first, it will happen, whatever comes between; when this
    // answers `done`, nothing of the person is left in the store's files but what recipients have
    // to be told.
    virtual model::Result<Erased> erase(const ErasureOrder& order) = 0;

    // Removes what is beyond its retention, if `now` is a date, and device texts nobody uses
    // (`device_base`: of the generation in use), and empties the log.
    virtual model::Result<void> maintain(model::Instant now, std::uint64_t device_base) = 0;

    virtual model::Result<void> close() = 0;
};

constexpr bool is_stored(settings::Priority priority, Store::Written written) {
    return static_cast<std::uint8_t>(priority) >= static_cast<std::uint8_t>(written);
}

}  // namespace gateway::buffer
