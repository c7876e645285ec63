#pragma once
#include "gateway/buffer/outbox.hpp"
#include "gateway/buffer/store.hpp"
#include "gateway/runtime/clock.hpp"
#include "gateway/runtime/worker_thread.hpp"
#include "tests/support/awaited.hpp"
#include "tests/support/memory_key_ring.hpp"
#include "tests/support/public_readings.hpp"
#include "tests/support/temporary_directory.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <catch2/catch.hpp>

#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace tests::buffer {

using namespace gateway;
using namespace gateway::buffer;

inline const model::Quantity kVolume{"water.volume", "m3"};
inline const model::Quantity kPower{"power.active", "W"};
inline const model::Instant kStart{
    std::chrono::sys_days{std::chrono::year{2026} / 3 / 1} + std::chrono::hours{6}};

settings::Dataset dataset(
    const std::string& name, settings::Priority priority = settings::Priority::normal
);
settings::Uplink uplink(const std::string& name, std::vector<std::string> datasets = {});

// `count` readings of a few devices, their values counting from `from`.
support::PublicReadings some_readings(std::size_t count, std::int64_t from = 0);

// An outbox on a new directory, and the threads it needs.
class OutboxFixture {
  public:
    OutboxFixture();
    ~OutboxFixture();
    OutboxFixture(const OutboxFixture&) = delete;
    OutboxFixture& operator=(const OutboxFixture&) = delete;

    settings::Settings settings;
    runtime::ManualClock clock{kStart};
    support::TemporaryDirectory directory;
    support::MemoryKeyRing keys;  // of segments
    std::vector<boost::system::error_code> failures;
    std::optional<BootDate> boot;

    void open();
    void open_over(std::unique_ptr<Store> store);
    void close();
    void reopen();
    Outbox& outbox() { return *outbox_; }

    // Runs the reactor until the coroutine has answered.
    template <class Answer>
    Answer run(boost::asio::awaitable<Answer> task) {
        return support::awaited(io, std::move(task));
    }

    // Appends and waits for the commit.
    model::Decoded<void> store(std::size_t dataset, const support::PublicReadings& readings);
    // The batch at the queue's cursor; fails the test if there is none.
    Batch open_batch(std::size_t uplink, std::size_t dataset, BatchLimits limits = {});
    Batch open_backlog(std::size_t uplink, std::size_t dataset, BatchLimits limits = {});
    bool has_batch(std::size_t uplink, std::size_t dataset);
    void confirm(std::size_t uplink, std::size_t dataset);
    std::uint64_t waiting(std::size_t uplink, std::size_t dataset);
    // Checks the equations of the ledger against what waits.
    void check_ledger();

    BatchQueue& batch_queue(std::size_t uplink, std::size_t dataset);
    BatchLane& queue(std::size_t uplink, std::size_t dataset, Lane lane = Lane::live);

    boost::asio::io_context io;
    // Calls on their way through the storage thread do not keep the reactor running by themselves.
    boost::asio::executor_work_guard<boost::asio::io_context::executor_type> work{
        io.get_executor()};
    runtime::WorkerThread storage{"storage"};

  private:
    Outbox::Environment environment();
    std::unique_ptr<Outbox> outbox_;
};

bool same(const Batch& left, const Batch& right);

}  // namespace tests::buffer
