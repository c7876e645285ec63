#pragma once
#include "gateway/aggregate/aggregation.hpp"
#include "gateway/aggregate/meter_directory.hpp"
#include "gateway/aggregate/sum_plan.hpp"
#include "gateway/anonymise/key_ring.hpp"
#include "gateway/anonymise/key_store.hpp"
#include "gateway/buffer/batch_queue.hpp"
#include "gateway/buffer/outbox.hpp"
#include "gateway/ingest/frame_sink.hpp"
#include "gateway/ingest/session_memory.hpp"
#include "gateway/observe/log.hpp"
#include "gateway/runtime/clock.hpp"
#include "gateway/runtime/worker_thread.hpp"
#include "gateway/settings/settings.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace gateway {

// How one [[sum]] stands, for the operator.
struct SumFigures {
    aggregate::Counts counts;
    std::size_t open_windows = 0;
    std::uint64_t waiting = 0;  // readings that are not taken yet
};

// The sums of groups while the gateway runs. Every kTick it takes what the buffer has for each sum
// into windows that lie sealed in a file of their own, releases the windows that are over, and
// brings what it released before into the pipeline, as a frame like any other: a release is stored
// once, since its frame is marked by its number. Whatever is switched off, a reading is in exactly
// one window and a window is released once.
// Lives on the reactor; what blocks runs on a thread of its own. All by reference outlives it.
class Sums {
  public:
    // A release leaves on the tick after it was drawn, so that how long the draw of its noise took
    // cannot be seen.
    static constexpr std::chrono::seconds kTick{10};
    // Named bounds of one tick: batches of each sum, and releases of all.
    static constexpr int kBatchesATick = 200;
    static constexpr int kReleasesATick = 64;

    struct Environment {
        boost::asio::any_io_executor reactor;
        const runtime::WallClock& clock;
        observe::Log& log;
        ingest::FrameSink& sink;
        ingest::SessionMemory& marks;
        anonymise::KeySource& keys;
        const anonymise::KeyWrap* key_wrap;  // null: keys lie on the disk as they are
        std::string state_directory;
        std::chrono::milliseconds tick = kTick;
    };

    struct Input {
        const settings::Sum& sum;
        buffer::BatchQueue& queue;  // of the dataset that it sums, for this sum alone
        model::SourceId source{};   // its way in
    };

    // Of what with_sums() made of the configuration (sum_source.hpp).
    static std::vector<Input> inputs_of(const settings::Settings& settings, buffer::Outbox& outbox);

    // Reads the lists of members: blocks. An error is a sentence for the operator.
    static model::Result<std::unique_ptr<Sums>, std::string> make(
        Environment environment, const settings::Settings& settings, std::vector<Input> inputs
    );

    ~Sums();

    // Until it is cancelled.
    boost::asio::awaitable<void> run();

    // Why nothing is released now; no error when it is. The clock that is not trusted is none: that
    // has its own problem.
    const model::Result<void>& state() const { return state_; }
    const std::string& file() const { return place_.database; }
    const std::string& generation_file() const { return place_.generation; }

    // In the order of the inputs.
    SumFigures figures(std::size_t position) const;

  private:
    struct Part;

    explicit Sums(Environment environment);

    boost::asio::awaitable<void> work();
    boost::asio::awaitable<model::Result<void>> work_once();
    boost::asio::awaitable<model::Result<void>> open();
    boost::asio::awaitable<model::Result<void>> learn_names(Part& part, model::Instant now);
    std::int64_t first_to_learn(const Part& part, model::Instant now) const;
    boost::asio::awaitable<void> add_epoch(Part& part, const anonymise::Key& key);
    boost::asio::awaitable<model::Result<void>> work_on(Part& part);
    boost::asio::awaitable<model::Result<void>> take_all(Part& part, model::Instant now);
    boost::asio::awaitable<model::Result<bool>> take_next(Part& part, model::Instant now);
    boost::asio::awaitable<model::Result<void>> release(Part& part, model::Instant now);
    model::Instant watermark_of(const Part& part, model::Instant now) const;
    boost::asio::awaitable<model::Result<void>> send_releases();
    boost::asio::awaitable<bool> send(const aggregate::FrozenRelease& release);
    boost::asio::awaitable<model::Result<void>> forget(std::uint64_t number);
    boost::asio::awaitable<void> forget_marks_but(const aggregate::FrozenRelease* next);
    model::Result<void> open_file(model::Instant now);
    model::Result<void> take(Part& part, const buffer::Batch& batch);
    const Part* part_of(const aggregate::FrozenRelease& release) const;
    model::Result<void> clear_file();
    void close();

    Environment environment_;
    aggregate::SpoolFile::Place place_;
    aggregate::KernelEntropy entropy_;
    anonymise::KeyRingDirectory window_keys_;
    std::unique_ptr<aggregate::SpoolFile> file_;
    std::vector<std::unique_ptr<Part>> parts_;  // their aggregations go before file_
    model::Result<void> state_;
    bool marks_are_clean_ = false;
    runtime::WorkerThread thread_{"sums"};  // last: nothing of it is used when it ends
};

}  // namespace gateway
