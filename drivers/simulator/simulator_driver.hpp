#pragma once
#include "drivers/driver.hpp"
#include "drivers/simulator/virtual_meter.hpp"
#include "drivers/surroundings.hpp"
#include "gateway/runtime/task_group.hpp"
#include "gateway/settings/settings.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace drivers::simulator {

// Virtual devices whose messages enter the gateway like any others, for training and tests. Each
// device reports once an interval, spread over it. A frame that cannot be taken now is tried again
// with the device's next report, as a new reading. The sink, the clock and the log outlive it.
class SimulatorDriver final : public Driver {
  public:
    // Frames that wait for their commit; beyond this the devices wait.
    static constexpr std::size_t kFramesPendingMax = 256;
    static constexpr int kDevicesMax = 100'000;

    SimulatorDriver(const gateway::settings::Source& source, Surroundings around);

    // An error where the format cannot be simulated or there are too many devices.
    gateway::model::Result<void> start() override;
    boost::asio::awaitable<void> stop() override;
    DriverState state() const override;

  private:
    boost::asio::awaitable<void> report();
    boost::asio::awaitable<void> send(gateway::model::Frame frame);
    gateway::model::Frame frame_of(const VirtualMeter& meter) const;

    const gateway::settings::Simulator settings_;
    const gateway::settings::Format format_;
    const std::string pattern_;
    const gateway::model::SourceId id_;
    gateway::ingest::FrameSink& sink_;
    boost::asio::any_io_executor reactor_;
    const gateway::runtime::WallClock& clock_;
    std::vector<VirtualMeter> meters_;
    std::uint64_t frames_ = 0;
    bool is_running_ = false;
    gateway::runtime::TaskGroup tasks_;
};

}  // namespace drivers::simulator
