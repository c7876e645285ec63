#pragma once
#include "gateway/buffer/batch_queue.hpp"
#include "gateway/buffer/boot_ranges.hpp"
#include "gateway/buffer/figures.hpp"
#include "gateway/buffer/ledger.hpp"
#include "gateway/buffer/notice.hpp"
#include "gateway/buffer/session_mark.hpp"
#include "gateway/buffer/vault_token.hpp"
#include "gateway/model/public_reading.hpp"
#include "gateway/model/refusal.hpp"
#include "gateway/settings/settings.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace gateway::anonymise {
class KeyRing;
}

namespace gateway::runtime {
class WorkerThread;
class WallClock;
}  // namespace gateway::runtime

namespace gateway::buffer {

class Store;

enum class DatasetId : std::uint16_t {};  // position in the configuration
enum class UplinkId : std::uint16_t {};

// Names the commit that makes appended readings durable.
enum class Ticket : std::uint64_t {};

// The asynchronous face of the buffer, on the reactor. Readings go in by append() and are durable
// once committed() has answered; what arrives during a commit is the next group (group commit).
// Uplinks read with cursors of their own. Every method is called on the reactor; the blocking work
// runs on the storage thread.
class Outbox {
  public:
    // Reactor, thread and clock must outlive the outbox. A fault of the store while it runs goes to
    // `on_failure`, once, on the reactor: the store no longer acknowledges anything and the process
    // must stop (a failed fsync is never retried).
    struct Environment {
        boost::asio::any_io_executor reactor;
        runtime::WorkerThread& storage;
        const runtime::WallClock& clock;
        std::function<void(const boost::system::error_code&)> on_failure;
        std::optional<BootDate> boot{};  // without it no reading may come without a date
        NoticeSink on_notice{};
        // Where the keys of stored segments live; outlives the outbox. Null: segments are stored as
        // they are.
        anonymise::KeyRing* segment_keys = nullptr;
    };

    // Opens the store (creating or migrating it; of a damaged one what is readable goes on) and
    // returns when it can take readings; blocks, called at start. Errc::in_use when another process
    // has it, Errc::newer_schema when a newer release wrote it.
    static model::Result<std::unique_ptr<Outbox>> open(
        Environment environment, const settings::Settings& settings
    );

    // The same over a store that is already open.
    static std::unique_ptr<Outbox> over(
        std::unique_ptr<Store> store, Environment environment, const settings::Settings& settings
    );

    // It may only go when close() has answered or the reactor no longer runs.
    ~Outbox();
    Outbox(const Outbox&) = delete;
    Outbox& operator=(const Outbox&) = delete;

    // --- the way in ---

    // Copies the readings into the group that the next commit writes, or refuses them all
    // (buffer_full, overloaded, stopping, store_failed: temporary, not counted here). An empty list
    // gives the ticket of everything appended so far. A mark, which must be new, is committed with
    // the readings, or by itself. The commit waits for company for as long as all who wait for it
    // have patience (model::Frame), or for `linger` where that is longer.
    model::Decoded<Ticket> append(
        DatasetId dataset,
        std::span<const model::PublicReading> readings,
        const std::optional<SessionMark>& mark = std::nullopt,
        std::chrono::milliseconds patience = {}
    );

    // To be asked of every reading just before it is appended: in a dataset that keeps one reading
    // a step, the reading claims the step of its device and quantity. A fault means that it must
    // not be appended (step_taken, limit_exceeded; not counted here). The next append() takes the
    // claims that were made since the last one for those of its readings.
    model::Decoded<void> claim_step(DatasetId dataset, const model::PublicReading& reading);

    // The vault of tokens (anonymise::TokenSource). A token that was added is on the disk with the
    // next readings that are. Null: the identity has none, and may get one unless the vault is
    // full.
    const std::string* find_token(std::string_view dataset, const IdentityPrint& identity) const;
    bool vault_is_full() const;
    void add_token(VaultToken token);
    std::uint64_t vault_generation() const;  // changes whenever an erasure forgets a token

    // Answers when the ticket's group is on the disk, or with why it is not.
    boost::asio::awaitable<model::Decoded<void>> committed(Ticket ticket);
    // The same without waiting; nothing while the commit is under way.
    std::optional<model::Decoded<void>> committed_already(Ticket ticket) const;

    // Counts refused readings; they reach the disk with the next group, or within kRefusalsLinger.
    void count_refused(model::Refusal cause, std::uint64_t readings = 1);

    // More is known of when this boot began. Readings that wait for it go on.
    boost::asio::awaitable<model::Result<void>> date_boot(BootDate date);

    // --- sessions: see ingest::SessionMemory ---

    // Of the commit that brought the mark, or will; nothing when the mark is new.
    std::optional<Ticket> ticket_of(const SessionMark& mark) const;
    std::vector<std::uint16_t> held(const SessionId& session);
    model::Decoded<Ticket> release(const SessionMark& mark);
    model::Decoded<Ticket> forget(const SessionId& session);

    // --- the ways out ---

    // The readings of a dataset as one uplink sees them; lives as long as the outbox. The pair must
    // be configured.
    BatchQueue& queue(UplinkId uplink, DatasetId dataset);

    // Every queue of an uplink: of the datasets it takes, in the order of the configuration, then
    // of former datasets of which readings are left, if it takes all.
    std::vector<BatchQueue*> queues(UplinkId uplink);

    // --- a person's rights ---

    // What `work` is called with: the store, and a number above those of all devices of what was
    // appended before, which no later reading has.
    using StoreWork = std::function<model::Result<void>(Store&, std::uint64_t device_base)>;

    // Runs `work` on the storage thread, in one go, once everything appended so far is stored or
    // refused. An error of it is a failure of the store.
    boost::asio::awaitable<model::Result<void>> run(StoreWork work);

    // Erasures that the uplink's recipient has not confirmed.
    std::uint64_t erasures_waiting(UplinkId uplink) const;

    // --- for the operator ---

    // True from the open until a store failure or close().
    bool able_to_store() const;
    const Ledger& ledger() const;  // committed figures: the equations of Ledger hold at every call
    const StoreFigures& figures() const;
    const CommitFigures& commits() const;
    const std::vector<Notice>& notices() const;

    // Commits what is appended, then refuses everything (stopping). Answers when the last commit is
    // done.
    boost::asio::awaitable<void> close();

  private:
    class Core;
    explicit Outbox(std::unique_ptr<Core> core);
    std::unique_ptr<Core> core_;
};

}  // namespace gateway::buffer
