#pragma once
#include "drivers/mqtt/broker_session.hpp"
#include "drivers/mqtt/verdict.hpp"
#include "gateway/ingest/frame_sink.hpp"
#include "gateway/model/frame.hpp"
#include "gateway/runtime/clock.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>

#include <atomic>
#include <chrono>
#include <cstddef>
#include <memory>
#include <mutex>
#include <semaphore>

namespace drivers::mqtt {

// Where the messages of a broker enter the reactor: hands each to the sink and lets the client
// library's thread wait for what becomes of it. Shared by that thread and the reactor; the sink and
// the clock outlive the reactor's run.
class Arrivals : public std::enable_shared_from_this<Arrivals> {
  public:
    // QoS 0 messages on their way to the sink; beyond this the connection is read no further.
    static constexpr std::ptrdiff_t kUnacknowledgedMax = 256;

    Arrivals(
        gateway::model::SourceId source,
        gateway::ingest::FrameSink& sink,
        const gateway::runtime::WallClock& clock,
        boost::asio::any_io_executor reactor,
        std::chrono::milliseconds verdict_wait_max
    );

    // On the client library's thread: blocks until the message is judged, at most the bound.
    Answer take(Message message);

    // From now on nothing is taken. A message whose commit is under way is still waited for.
    void close() { is_closed_ = true; }
    bool is_closed() const { return is_closed_; }

    // As close(), and the message that is waiting is dropped.
    void abandon();

    std::uint64_t taken() const { return taken_; }
    std::uint64_t acknowledged() const { return acknowledged_; }

  private:
    Answer judge_and_wait(Message message);
    void pass_on(Message message);
    boost::asio::awaitable<Answer> judge(Message message);

    const gateway::model::SourceId source_;
    gateway::ingest::FrameSink& sink_;
    const gateway::runtime::WallClock& clock_;
    boost::asio::any_io_executor reactor_;
    const std::chrono::milliseconds verdict_wait_max_;

    std::atomic<bool> is_closed_ = false;
    std::atomic<std::uint64_t> taken_ = 0;
    std::atomic<std::uint64_t> acknowledged_ = 0;
    std::counting_semaphore<kUnacknowledgedMax> unacknowledged_{kUnacknowledgedMax};
    std::mutex mutex_;
    std::shared_ptr<Verdict> waiting_;  // guarded by mutex_
};

}  // namespace drivers::mqtt
