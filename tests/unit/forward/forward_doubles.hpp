#pragma once
#include "gateway/buffer/batch_queue.hpp"
#include "gateway/forward/uplink.hpp"
#include "gateway/observe/log.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/steady_timer.hpp>

#include <cstdint>
#include <functional>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace forward_test {

namespace buffer = gateway::buffer;
namespace forward = gateway::forward;
namespace model = gateway::model;

// The commits that all queues of one outbox hear of.
struct Commits {
    explicit Commits(boost::asio::any_io_executor executor)
        : next(std::move(executor), boost::asio::steady_timer::time_point::max()) {}

    std::uint64_t count = 0;
    boost::asio::steady_timer next;
};

// What became of the readings of a scripted queue, in either lane.
struct QueueRecord {
    std::vector<std::uint64_t> confirmed;  // sequences, in the order of their confirmation
    std::vector<std::pair<std::uint64_t, std::string>> buried;
    int confirmations = 0;
    int reopenings = 0;
    int openings = 0;
    bool hollow = false;            // readings wait, but open() finds none
    bool undated = false;           // the first reading waits for its date, which open() finds out
    std::vector<buffer::Gap> gaps;  // go with the next batch; none are left when it is confirmed
    std::optional<model::Instant> gaps_since;
    std::vector<buffer::Erasure> erasures;  // as gaps
    bool taken_back = false;                // until the next opening
};

class ScriptedLane final : public buffer::BatchLane {
  public:
    ScriptedLane(Commits& commits, QueueRecord& record) : commits_(commits), record_(record) {}

    void store(std::uint64_t readings, model::Instant now);
    void fail() { failing_ = true; }
    bool has_open() const { return open_ != 0; }
    void go_on() { held_ = false; }
    void take_back() { open_ = 0; }
    std::uint64_t newest() const { return stored_; }
    // Takes over what waits in the other lane up to `last`, and the other one goes on behind it.
    void take_from(ScriptedLane& other, std::uint64_t last);

    buffer::Waiting waiting() const override;
    bool taken_back() const override { return record_.taken_back; }
    boost::asio::awaitable<model::Result<std::optional<buffer::Batch>>> open(
        buffer::BatchLimits limits
    ) override;
    boost::asio::awaitable<model::Result<void>> reopen() override;
    boost::asio::awaitable<model::Result<void>> confirm() override;
    boost::asio::awaitable<model::Result<void>> bury(std::string cause) override;

  private:
    model::Result<void> settle();

    Commits& commits_;
    QueueRecord& record_;
    std::uint64_t stored_ = 0;
    std::uint64_t cursor_ = 0;  // the last sequence that is done with
    std::uint64_t open_ = 0;    // readings of the open batch
    model::Instant oldest_{};
    bool failing_ = false;
    bool held_ = false;
};

// A queue in memory whose readings are numbered from 1; remembers what became of each.
class ScriptedQueue final : public buffer::BatchQueue, public QueueRecord {
  public:
    using Priority = gateway::settings::Priority;

    ScriptedQueue(Commits& commits, std::string dataset, Priority priority = Priority::normal)
        : commits_(commits), dataset_(std::move(dataset)), priority_(priority) {}

    void store(std::uint64_t readings, model::Instant now) { live_.store(readings, now); }
    void date();
    void lose(const buffer::Gap& gap, model::Instant now);
    // An open batch is taken back.
    void erase(const buffer::Erasure& erasure, model::Instant now);
    void fail();  // from now on as after a failed commit

    const std::string& dataset() const override { return dataset_; }
    Priority priority() const override { return priority_; }
    std::uint64_t changes() const override { return commits_.count; }
    boost::asio::awaitable<void> changed(std::uint64_t seen) override;
    buffer::Waiting waiting() const override;
    buffer::BatchLane& lane(buffer::Lane lane) override;
    std::uint64_t newest() const override { return live_.newest(); }
    boost::asio::awaitable<model::Result<bool>> set_aside(std::uint64_t last) override;

  private:
    Commits& commits_;
    std::string dataset_;
    Priority priority_;
    ScriptedLane live_{commits_, *this};
    ScriptedLane backlog_{commits_, *this};
};

// A destination whose answers a function gives.
class ScriptedUplink final : public forward::Uplink {
  public:
    using Answer = std::function<forward::Delivery(const buffer::Batch&)>;

    // What the test sees of an uplink that the forwarder owns.
    struct Script {
        Answer answer;
        std::vector<std::shared_ptr<const buffer::Batch>> sent;
        bool holding = false;  // a send waits until release() or cancel()
        bool cancelled = false;
        std::function<void()> release;
    };

    ScriptedUplink(boost::asio::any_io_executor executor, Script& script);
    boost::asio::awaitable<forward::Delivery> send(std::shared_ptr<const buffer::Batch> batch
    ) override;
    void cancel() override;

  private:
    Script& script_;
    boost::asio::steady_timer held_;
};

class RecordingLog final : public gateway::observe::Log {
  public:
    void write(
        gateway::observe::Level level,
        std::string_view event,
        std::string_view text,
        std::span<const gateway::observe::Field> fields
    ) override;

    std::vector<std::string> events;
};

forward::Delivery answer(forward::Delivery::Outcome outcome, std::string detail = "scripted");

// A batch of consecutive readings: value and device follow from the sequence.
buffer::Batch make_batch(std::uint64_t first, std::uint64_t last);

}  // namespace forward_test
