#include "drivers/replay/replay_driver.hpp"

#include "gateway/language/translate.hpp"

#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <array>
#include <cerrno>

namespace drivers::replay {

namespace asio = boost::asio;
namespace model = gateway::model;
namespace observe = gateway::observe;
namespace settings = gateway::settings;
using gateway::language::tr;

ReplayDriver::ReplayDriver(const settings::Source& source, Surroundings around)
    : settings_(std::get<settings::Replay>(source.driver)),
      name_(source.name),
      id_(around.id),
      sink_(around.sink),
      reactor_(std::move(around.reactor)),
      clock_(around.clock),
      log_(around.log),
      timer_(reactor_),
      tasks_(reactor_, [this](std::exception_ptr) {
          log_.error("source-failed", tr("The replay stopped working."));
      }) {}

model::Result<void> ReplayDriver::start() {
    errno = 0;
    file_.open(settings_.file, std::ios::binary);
    if (!file_) return boost::system::error_code(errno, boost::system::generic_category());
    is_playing_ = true;
    tasks_.spawn(play());
    return {};
}

asio::awaitable<void> ReplayDriver::stop() {
    is_playing_ = false;
    co_await tasks_.close();
}

DriverState ReplayDriver::state() const {
    const std::string detail = is_playing_ ? tr("playing") : tr("finished");
    if (malformed_ == 0) return {is_playing_, detail, frames_};
    const std::string lines = std::to_string(malformed_);
    return {is_playing_, tr("{0}, malformed lines: {1}", {detail, lines}), frames_};
}

asio::awaitable<void> ReplayDriver::play() {
    while (const auto line = lines_.next()) {
        // Others have their turn between two lines, however many of them are malformed.
        co_await asio::post(reactor_, asio::use_awaitable);
        auto recorded = parse_recorded_frame(*line);
        if (!recorded) {
            report_malformed(lines_.number());
            continue;
        }
        co_await wait_until_due(recorded->at);
        co_await deliver(std::move(*recorded));
    }
    is_playing_ = false;
    const std::array<observe::Field, 1> fields{observe::Field{"source", name_}};
    log_.write(
        observe::Level::info, "replay-finished", tr("A recording was played to its end."), fields
    );
}

// Counted from the first frame with a time, so that waits do not add up.
asio::awaitable<void> ReplayDriver::wait_until_due(std::optional<model::Instant> at) {
    if (!at || settings_.speed <= 0) co_return;
    if (!first_at_) {
        first_at_ = at;
        first_played_ = asio::steady_timer::clock_type::now();
    }
    const std::chrono::duration<double, std::milli> offset =
        std::chrono::duration<double, std::milli>(*at - *first_at_) / settings_.speed;
    timer_.expires_at(
        first_played_ + std::chrono::duration_cast<asio::steady_timer::duration>(offset)
    );
    co_await timer_.async_wait(asio::use_awaitable);
}

asio::awaitable<void> ReplayDriver::deliver(RecordedFrame recorded) {
    ++frames_;
    for (;;) {
        model::Frame frame(id_, recorded.topic, recorded.peer, recorded.payload, clock_.now());
        frame.speaks_for_others = true;  // the operator's own file
        const auto verdict = co_await sink_.accept(std::move(frame));
        if (!gateway::ingest::must_come_again(verdict)) co_return;
        timer_.expires_after(kRetryDelay);
        co_await timer_.async_wait(asio::use_awaitable);
    }
}

void ReplayDriver::report_malformed(std::size_t line) {
    ++malformed_;
    const std::string number = std::to_string(line);
    const std::array<observe::Field, 2> fields{
        observe::Field{"source", name_}, observe::Field{"line", number}};
    log_.write(
        observe::Level::warning,
        "replay-malformed",
        tr("A line of a recording is malformed and was skipped."),
        fields
    );
}

}  // namespace drivers::replay
