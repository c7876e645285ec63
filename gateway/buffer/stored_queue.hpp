#pragma once
#include "gateway/buffer/batch_queue.hpp"
#include "gateway/buffer/store_thread.hpp"
#include "gateway/runtime/clock.hpp"

#include <string>

namespace gateway::buffer {

// A lane of a queue of the store.
class StoredLane final : public BatchLane {
  public:
    StoredLane(StoreThread& store, QueueLane place, const runtime::WallClock& clock)
        : store_(store), place_(place), clock_(clock) {}

    Waiting waiting() const override;
    bool taken_back() const override;
    boost::asio::awaitable<model::Result<std::optional<Batch>>> open(BatchLimits limits) override;
    boost::asio::awaitable<model::Result<void>> reopen() override;
    boost::asio::awaitable<model::Result<void>> confirm() override;
    boost::asio::awaitable<model::Result<void>> bury(std::string cause) override;

  private:
    StoreThread& store_;
    QueueLane place_;
    const runtime::WallClock& clock_;
    std::uint64_t open_last_ = 0;   // of the batch that open() gave; 0: none
    std::uint64_t taken_back_ = 0;  // QueueState::batches_taken_back when open() was called
};

// A queue of the store.
class StoredQueue final : public BatchQueue {
  public:
    // Which of the store's queues it is, and what its readings are.
    struct Place {
        std::size_t queue = 0;
        std::string dataset;
        settings::Priority priority = settings::Priority::normal;
    };

    StoredQueue(StoreThread& store, Place place, const runtime::WallClock& clock);

    const std::string& dataset() const override { return place_.dataset; }
    settings::Priority priority() const override { return place_.priority; }
    std::uint64_t changes() const override { return store_.changes(); }
    boost::asio::awaitable<void> changed(std::uint64_t seen) override;
    Waiting waiting() const override;
    BatchLane& lane(Lane lane) override { return lane == Lane::live ? live_ : backlog_; }
    std::uint64_t newest() const override { return store_.state().last_sequence; }
    boost::asio::awaitable<model::Result<bool>> set_aside(std::uint64_t last) override;

  private:
    StoreThread& store_;
    Place place_;
    StoredLane live_;
    StoredLane backlog_;
};

}  // namespace gateway::buffer
