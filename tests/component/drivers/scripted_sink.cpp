#include "tests/component/drivers/scripted_sink.hpp"

#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace tests::drivers {

namespace asio = boost::asio;
namespace model = gateway::model;
using gateway::ingest::Pending;
using gateway::ingest::Receipt;

ScriptedSink::ScriptedSink(asio::any_io_executor reactor)
    : reactor_(std::move(reactor)), released_(reactor_, asio::steady_timer::time_point::max()) {}

model::Decoded<Pending> ScriptedSink::submit(model::Frame frame) {
    const std::lock_guard lock(mutex_);
    if (keeps_frames_) frames_.push_back(std::move(frame));
    return Pending{};
}

asio::awaitable<model::Decoded<Receipt>> ScriptedSink::settled(Pending) {
    for (;;) {
        {
            const std::lock_guard lock(mutex_);
            if (!is_held_) break;
        }
        boost::system::error_code woken;
        co_await released_.async_wait(asio::redirect_error(asio::use_awaitable, woken));
    }
    if (const auto cause = next_refusal()) co_return model::Fault{*cause, "scripted"};
    co_return Receipt{1, 0};
}

std::optional<model::Refusal> ScriptedSink::next_refusal() {
    const std::lock_guard lock(mutex_);
    if (refusals_.empty()) return standing_refusal_;
    const auto cause = refusals_.front();
    refusals_.pop_front();
    return cause;
}

void ScriptedSink::refuse_next(model::Refusal cause, int times) {
    const std::lock_guard lock(mutex_);
    for (int i = 0; i < times; ++i) refusals_.emplace_back(cause);
}

void ScriptedSink::take_next() {
    const std::lock_guard lock(mutex_);
    refusals_.emplace_back();
}

void ScriptedSink::refuse_always(std::optional<model::Refusal> cause) {
    const std::lock_guard lock(mutex_);
    standing_refusal_ = cause;
}

void ScriptedSink::hold() {
    const std::lock_guard lock(mutex_);
    is_held_ = true;
}

void ScriptedSink::release() {
    {
        const std::lock_guard lock(mutex_);
        is_held_ = false;
    }
    asio::post(reactor_, [this] { released_.cancel(); });
}

std::size_t ScriptedSink::count() const {
    const std::lock_guard lock(mutex_);
    return frames_.size();
}

void ScriptedSink::forget_frames() {
    const std::lock_guard lock(mutex_);
    keeps_frames_ = false;
}

std::vector<model::Frame> ScriptedSink::frames() const {
    const std::lock_guard lock(mutex_);
    return frames_;
}

}  // namespace tests::drivers
