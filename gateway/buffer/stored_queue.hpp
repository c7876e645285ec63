#pragma once
#include "gateway/buffer/batch_queue.hpp"
#include "gateway/buffer/store_thread.hpp"
#include "gateway/runtime/clock.hpp"

#include <string>

namespace gateway::buffer {

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
    Waiting waiting() const override;
    std::uint64_t changes() const override { return store_.changes(); }
    boost::asio::awaitable<void> changed(std::uint64_t seen) override;
    boost::asio::awaitable<model::Result<std::optional<Batch>>> open(BatchLimits limits) override;
    boost::asio::awaitable<model::Result<void>> reopen() override;
    boost::asio::awaitable<model::Result<void>> confirm() override;
    boost::asio::awaitable<model::Result<void>> bury(std::string cause) override;

  private:
    StoreThread& store_;
    Place place_;
    const runtime::WallClock& clock_;
    std::uint64_t open_last_ = 0;  // of the batch that open() gave; 0: none
};

}  // namespace gateway::buffer
