#pragma once
#include "gateway/ingest/frame_sink.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/steady_timer.hpp>

#include <deque>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

namespace tests::drivers {

// A door that answers as the test says: stored, unless a refusal is scripted for the next frame.
// While it is held, frames wait for their commit.
class ScriptedSink : public gateway::ingest::FrameSink {
  public:
    explicit ScriptedSink(boost::asio::any_io_executor reactor);

    gateway::model::Decoded<gateway::ingest::Pending> submit(gateway::model::Frame frame) override;
    boost::asio::awaitable<gateway::model::Decoded<gateway::ingest::Receipt>> settled(
        gateway::ingest::Pending pending
    ) override;

    void count_refused(gateway::model::SourceId, gateway::model::Refusal cause) override {
        ++refused_by_driver[cause];
    }
    std::map<gateway::model::Refusal, int> refused_by_driver;  // on the reactor

    // From any thread.
    void refuse_next(gateway::model::Refusal cause, int times = 1);
    void take_next();  // before what is refused next
    void refuse_always(std::optional<gateway::model::Refusal> cause);
    void hold();
    void release();
    std::vector<gateway::model::Frame> frames() const;
    std::size_t count() const;
    void forget_frames();  // from now on frames are not kept

  private:
    std::optional<gateway::model::Refusal> next_refusal();

    boost::asio::any_io_executor reactor_;
    boost::asio::steady_timer released_;
    mutable std::mutex mutex_;
    bool is_held_ = false;
    std::deque<std::optional<gateway::model::Refusal>> refusals_;  // nothing: taken
    std::optional<gateway::model::Refusal> standing_refusal_;
    std::vector<gateway::model::Frame> frames_;
    bool keeps_frames_ = true;
};

}  // namespace tests::drivers
