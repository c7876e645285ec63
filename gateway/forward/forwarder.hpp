#pragma once
#include "gateway/anonymise/key_store.hpp"
#include "gateway/buffer/batch_queue.hpp"
#include "gateway/forward/backoff.hpp"
#include "gateway/forward/batch_sizer.hpp"
#include "gateway/forward/contract.hpp"
#include "gateway/forward/uplink.hpp"
#include "gateway/forward/uplink_state.hpp"
#include "gateway/forward/withholding.hpp"
#include "gateway/observe/log.hpp"
#include "gateway/runtime/clock.hpp"
#include "gateway/runtime/worker_thread.hpp"
#include "gateway/settings/settings.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/steady_timer.hpp>

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <exception>
#include <memory>
#include <span>
#include <string>
#include <vector>

namespace gateway::forward {

// The one loop behind every uplink: takes batches from the lanes of its queues, sends one at a
// time, and does with the lane what the recipient's answer asks for. Higher priorities go first;
// among equals live lanes before backlogs, which get one batch in kLivePerBacklogBatch + 1, or all
// when nothing live is due; among those, in turn. What waited for long when the recipient comes
// back is set aside as backlog. Readings leave a queue only confirmed, or alone and refused for
// good. What leaves has been brought under the recipient's contract first; of a dataset whose
// contract has ended no reading leaves; the others go on. Lives on the reactor and outlives run().
class Forwarder {
  public:
    struct Environment {
        boost::asio::any_io_executor reactor;
        const runtime::WallClock& clock;
        observe::Log& log;
        std::uint64_t jitter_seed = 0;
    };

    // What contracts are made of: the datasets that the queues may be of, and where the key of the
    // recipient's names is.
    struct Terms {
        std::span<const settings::Dataset> datasets;
        anonymise::KeySource& keys;
    };

    // The queues, one a dataset and at least one, and the source of keys must outlive the
    // forwarder.
    Forwarder(
        Environment environment,
        const settings::Uplink& uplink,
        Terms terms,
        std::unique_ptr<Uplink> destination,
        std::vector<buffer::BatchQueue*> queues
    );
    ~Forwarder();
    Forwarder(const Forwarder&) = delete;
    Forwarder& operator=(const Forwarder&) = delete;

    // Forwards until it is cancelled, or until the store fails. A cancellation never interrupts the
    // store; a batch that is under way then has kStopGrace to be confirmed.
    boost::asio::awaitable<void> run();

    const UplinkState& state() const { return state_; }

    // The datasets of which nothing leaves, and why.
    std::vector<Withholding> withholdings() const;

    static constexpr std::chrono::seconds kStopGrace{3};
    static constexpr std::chrono::seconds kRetryAfterMax{3600};  // a recipient may not ask for more

    // So many readings in a row may be refused for good; then the fault is likely not in the
    // readings, and one more is given up per pause of retry_max.
    // Of a contract's faults none more: only another configuration can change what it says.
    static constexpr std::uint32_t kBuriedInARowMax = 100;

    // While a contract's end waits for the date, so often is looked whether it is known.
    static constexpr std::chrono::seconds kDateInterval{5};

    // When the recipient comes back, what waits in a queue is a backlog if the oldest has waited
    // for so long (where batches wait longer for company: twice that), or if there are so many
    // batches of it.
    static constexpr std::chrono::seconds kBacklogAgeMin{60};
    static constexpr std::uint32_t kBacklogBatchesMin = 4;
    static constexpr std::uint32_t kLivePerBacklogBatch = 1;
    // With a backlog behind them live readings wait no longer than this for company, so that with
    // a backlog's batch before them they are under way within a second.
    static constexpr std::chrono::milliseconds kLiveAgeMax{500};

  private:
    struct Way {  // a lane of a queue, as it is forwarded
        buffer::BatchQueue* queue = nullptr;
        Contract* contract = nullptr;
        buffer::Lane lane = buffer::Lane::live;
        BatchSizer sizer;
        std::uint32_t buried_in_a_row = 0;
        std::uint64_t last_turn = 0;
        bool came_back = false;  // the recipient, and what waited is not set aside yet
        bool is_unfit = false;   // too many in a row could not be brought under the contract

        buffer::BatchLane& batches() const { return queue->lane(lane); }
        std::size_t priority() const { return static_cast<std::size_t>(queue->priority()); }
    };
    enum class Settled { yes, no };  // no: the same batch again
    struct Cargo {                   // an open batch
        std::shared_ptr<const buffer::Batch> stored;
        std::shared_ptr<const buffer::Batch> shaped;  // as it leaves; null until it is made
        std::uint64_t fields_withheld = 0;
        std::uint64_t erasures_untold = 0;

        std::uint32_t readings() const {
            return static_cast<std::uint32_t>(stored->readings.size());
        }
    };

    boost::asio::awaitable<void> forward_until_stopped();
    boost::asio::awaitable<void> forward_batch(Way& way);
    boost::asio::awaitable<Delivery> deliver(Way& way, Cargo& cargo);
    boost::asio::awaitable<std::optional<Delivery>> shape(Way& way, Cargo& cargo);
    boost::asio::awaitable<Settled> settle(Way& way, const Cargo& cargo, const Delivery& delivery);
    boost::asio::awaitable<Settled> confirm(Way& way, const Cargo& cargo);
    boost::asio::awaitable<Settled> divide(Way& way);
    boost::asio::awaitable<Settled> refuse(Way& way, const buffer::Batch& batch, std::string cause);
    boost::asio::awaitable<Settled> keep_from(Way& way);
    boost::asio::awaitable<Settled> bury(Way& way, std::string cause);
    boost::asio::awaitable<void> pause(Backoff::Delay delay);
    boost::asio::awaitable<void> rest();
    boost::asio::awaitable<void> sleep();

    boost::asio::awaitable<void> set_backlogs_aside();
    bool is_backlog(const Way& live) const;
    Way* next_due();
    bool goes_before(const Way& way, const Way& other) const;
    Withheld withheld(const Way& way) const;
    bool may_leave(const Way& way, const buffer::Batch& batch) const;
    std::optional<Backoff::Delay> until_looked_at(const Way& way) const;
    std::optional<Backoff::Delay> until_due(const Way& way) const;
    std::optional<Backoff::Delay> until_gaps_due(const Way& way) const;
    Backoff::Delay until_old(model::Instant since, Backoff::Delay age_max) const;
    Backoff::Delay age_max_of(const Way& way) const;
    Backoff::Delay retry_delay(const Delivery& delivery);
    void note_answer(const Delivery& delivery);
    void enter(UplinkState::Trouble trouble);
    void tell_buried(const buffer::Batch& batch);
    void tell_unfit();
    void tell(observe::Level level, const char* event, const char* text);
    bool ending() const { return stopping_ || store_failed_; }

    Environment environment_;
    settings::Uplink settings_;
    anonymise::KeySource& keys_;
    std::unique_ptr<Uplink> uplink_;
    std::vector<std::unique_ptr<Contract>> contracts_;  // of each queue
    runtime::WorkerThread shaping_{"contracts"};
    std::vector<Way> ways_;  // live and backlog of each queue, the highest priority first
    std::uint64_t newest_asked_with_ = 0;  // the newest sequence when a batch was sent last
    std::uint64_t turns_ = 0;
    // Since the last one of a backlog, of each priority: an alarm takes no turn of another's.
    std::array<std::uint32_t, settings::kPriorityCount> live_batches_{};
    Backoff backoff_;
    UplinkState state_;
    boost::asio::steady_timer wake_;   // ends a rest or a pause
    boost::asio::steady_timer ended_;  // cancelled when the loop has returned
    std::exception_ptr failure_;
    bool running_ = false;
    bool stopping_ = false;
    bool store_failed_ = false;
};

}  // namespace gateway::forward
