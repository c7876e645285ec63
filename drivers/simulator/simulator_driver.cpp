#include "drivers/simulator/simulator_driver.hpp"

#include "gateway/language/translate.hpp"

#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace drivers::simulator {

namespace asio = boost::asio;
namespace model = gateway::model;
namespace settings = gateway::settings;
using gateway::language::tr;

SimulatorDriver::SimulatorDriver(const settings::Source& source, Surroundings around)
    : settings_(std::get<settings::Simulator>(source.driver)),
      format_(source.format),
      pattern_(source.topics.empty() ? "sim/{device}" : source.topics.front()),
      id_(around.id),
      sink_(around.sink),
      reactor_(std::move(around.reactor)),
      clock_(around.clock),
      tasks_(reactor_, [&log = around.log](std::exception_ptr) {
          log.error("source-failed", tr("The simulator stopped working."));
      }) {}

model::Result<void> SimulatorDriver::start() {
    const bool is_possible =
        can_simulate(format_) && settings_.devices > 0 && settings_.devices <= kDevicesMax;
    if (!is_possible)
        return boost::system::errc::make_error_code(boost::system::errc::not_supported);
    for (int number = 0; number < settings_.devices; ++number)
        meters_.emplace_back(settings_.seed, number);
    is_running_ = true;
    tasks_.spawn(report());
    return {};
}

asio::awaitable<void> SimulatorDriver::stop() {
    is_running_ = false;
    co_await tasks_.close();
}

DriverState SimulatorDriver::state() const {
    if (!is_running_) return {false, tr("stopped"), frames_};
    return {true, tr("{0} virtual devices", {std::to_string(meters_.size())}), frames_};
}

asio::awaitable<void> SimulatorDriver::report() {
    asio::steady_timer timer(reactor_);
    const auto spacing = std::chrono::nanoseconds(settings_.interval) / settings_.devices;
    auto due = asio::steady_timer::clock_type::now();
    for (std::size_t turn = 0;; turn = (turn + 1) % meters_.size()) {
        timer.expires_at(due);
        co_await timer.async_wait(asio::use_awaitable);
        due += spacing;
        while (tasks_.running() > kFramesPendingMax) {
            timer.expires_after(settings_.interval);
            co_await timer.async_wait(asio::use_awaitable);
            due = timer.expiry();
        }
        tasks_.spawn(send(frame_of(meters_[turn])));
    }
}

// Whatever becomes of it is counted by the sink.
asio::awaitable<void> SimulatorDriver::send(model::Frame frame) {
    ++frames_;
    const auto receipt = co_await sink_.accept(std::move(frame));
    static_cast<void>(receipt);
}

model::Frame SimulatorDriver::frame_of(const VirtualMeter& meter) const {
    const model::Instant now = clock_.now();
    return {id_, topic(pattern_, meter), meter.device(), payload(meter, format_, now), now};
}

}  // namespace drivers::simulator
