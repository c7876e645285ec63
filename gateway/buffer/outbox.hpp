#pragma once
#include "gateway/buffer/batch_queue.hpp"
#include "gateway/buffer/ledger.hpp"
#include "gateway/model/public_reading.hpp"
#include "gateway/model/refusal.hpp"
#include "gateway/settings/settings.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace gateway::runtime {
class WorkerThread;
class WallClock;
}  // namespace gateway::runtime

namespace gateway::buffer {

enum class DatasetId : std::uint16_t {};  // position in the configuration
enum class UplinkId : std::uint16_t {};

// Names the commit that makes appended readings durable.
enum class Ticket : std::uint64_t {};

struct StoreFigures {
    std::uint64_t bytes = 0;  // database file and write-ahead log
    std::uint64_t size_max = 0;
    std::uint64_t segments = 0;
    std::uint64_t bytes_written = 0;  // to the store since start
    std::uint64_t commits = 0;
    std::optional<model::Instant> oldest;  // observed_at of the oldest waiting reading
};

// The asynchronous face of the buffer, on the reactor. Readings go in by append() and are durable
// once committed() has answered; what arrives during a commit is the next group (group commit).
// Uplinks read with cursors of their own. Every method is called on the reactor; the blocking work
// runs on the storage thread.
class Outbox {
  public:
    // Opens the store (creating or migrating it) and returns when it can take readings; blocks,
    // called at start. Faults of the store while it runs go to `on_failure`, once: the store no
    // longer acknowledges and the process must stop (a failed fsync is never retried).
    static model::Result<std::unique_ptr<Outbox>> open(
        boost::asio::any_io_executor reactor,
        runtime::WorkerThread& storage,
        const runtime::WallClock& clock,
        const settings::Settings& settings
    );
    ~Outbox();
    Outbox(const Outbox&) = delete;
    Outbox& operator=(const Outbox&) = delete;

    // --- the way in ---

    // Copies the readings into the group that the next commit writes, or refuses them all
    // (buffer_full, overloaded, stopping, store_failed: temporary, not counted here). An empty list
    // gives the ticket of everything appended so far.
    model::Decoded<Ticket> append(
        DatasetId dataset, std::span<const model::PublicReading> readings
    );

    // Answers when the ticket's group is on the disk, or with why it is not.
    boost::asio::awaitable<model::Decoded<void>> committed(Ticket ticket);

    // Counts refused readings; they reach the disk with the next group, or within kRefusalsLinger.
    void count_refused(model::Refusal cause, std::uint64_t readings = 1);

    // --- the ways out ---

    // The readings of a dataset as one uplink sees them; lives as long as the outbox. The pair must
    // be configured.
    BatchQueue& queue(UplinkId uplink, DatasetId dataset);

    // --- for the operator ---

    // True from the open until a store failure or close().
    bool able_to_store() const;
    const Ledger& ledger() const;  // committed figures: the equations of Ledger hold at every call
    const StoreFigures& figures() const;

    // Commits what is appended, then refuses everything (stopping). Answers when the last commit is
    // done.
    boost::asio::awaitable<void> close();

  private:
    class Core;
    explicit Outbox(std::unique_ptr<Core> core);
    std::unique_ptr<Core> core_;
};

}  // namespace gateway::buffer
