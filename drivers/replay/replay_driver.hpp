#pragma once
#include "drivers/driver.hpp"
#include "drivers/replay/recording.hpp"
#include "drivers/surroundings.hpp"
#include "gateway/runtime/task_group.hpp"
#include "gateway/settings/settings.hpp"

#include <boost/asio/steady_timer.hpp>

#include <cstdint>
#include <fstream>
#include <optional>
#include <string>

namespace drivers::replay {

// Plays recorded frames, one after another, with their original spacing divided by the speed, or as
// fast as they are taken. A frame that cannot be taken now is tried again until it is. A malformed
// line is reported with its number and skipped. At the end of the file the driver stays, with
// nothing to do. The sink, the clock and the log outlive it.
class ReplayDriver final : public Driver {
  public:
    static constexpr std::chrono::milliseconds kRetryDelay{1000};

    ReplayDriver(const gateway::settings::Source& source, Surroundings around);

    // An error where the file cannot be read.
    gateway::model::Result<void> start() override;
    boost::asio::awaitable<void> stop() override;
    DriverState state() const override;

  private:
    boost::asio::awaitable<void> play();
    boost::asio::awaitable<void> wait_until_due(std::optional<gateway::model::Instant> at);
    boost::asio::awaitable<void> deliver(RecordedFrame recorded);
    void report_malformed(std::size_t line);

    const gateway::settings::Replay settings_;
    const std::string name_;
    const gateway::model::SourceId id_;
    gateway::ingest::FrameSink& sink_;
    boost::asio::any_io_executor reactor_;
    const gateway::runtime::WallClock& clock_;
    gateway::observe::Log& log_;

    std::ifstream file_;
    LineReader lines_{file_};
    boost::asio::steady_timer timer_;
    std::optional<gateway::model::Instant> first_at_;
    boost::asio::steady_timer::time_point first_played_{};
    std::uint64_t frames_ = 0;
    std::uint64_t malformed_ = 0;
    bool is_playing_ = false;
    gateway::runtime::TaskGroup tasks_;
};

}  // namespace drivers::replay
