#include "drivers/mqtt/arrivals.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <exception>

namespace drivers::mqtt {

namespace asio = boost::asio;
namespace model = gateway::model;

Arrivals::Arrivals(
    model::SourceId source,
    gateway::ingest::FrameSink& sink,
    const gateway::runtime::WallClock& clock,
    asio::any_io_executor reactor,
    std::chrono::milliseconds verdict_wait_max
)
    : source_(source),
      sink_(sink),
      clock_(clock),
      reactor_(std::move(reactor)),
      verdict_wait_max_(verdict_wait_max) {}

Answer Arrivals::take(Message message) {
    if (is_closed_) return Answer::drop;
    ++taken_;
    if (message.qos > 0) return judge_and_wait(std::move(message));
    pass_on(std::move(message));
    return Answer::acknowledge;
}

Answer Arrivals::judge_and_wait(Message message) {
    auto verdict = std::make_shared<Verdict>();
    {
        const std::lock_guard lock(mutex_);
        waiting_ = verdict;
    }
    if (is_closed_) return Answer::drop;
    auto on_judged = [verdict, self = shared_from_this()](
                         std::exception_ptr failure, Answer answer
                     ) { verdict->decide(failure ? Answer::drop : answer); };
    asio::co_spawn(reactor_, judge(std::move(message)), std::move(on_judged));
    const Answer answer = verdict->wait(verdict_wait_max_);
    if (answer == Answer::acknowledge) ++acknowledged_;
    return answer;
}

// Nobody waits for a QoS 0 message, but the connection waits while too many are under way.
void Arrivals::pass_on(Message message) {
    const bool is_counted = unacknowledged_.try_acquire_for(verdict_wait_max_);
    auto on_judged = [is_counted, self = shared_from_this()](std::exception_ptr, Answer) {
        if (is_counted) self->unacknowledged_.release();
    };
    asio::co_spawn(reactor_, judge(std::move(message)), std::move(on_judged));
}

asio::awaitable<Answer> Arrivals::judge(Message message) {
    model::Frame frame(
        source_, std::move(message.topic), {}, std::move(message.payload), clock_.now()
    );
    const auto verdict = co_await sink_.accept(std::move(frame));
    co_return gateway::ingest::must_come_again(verdict) ? Answer::drop : Answer::acknowledge;
}

void Arrivals::abandon() {
    is_closed_ = true;
    const std::lock_guard lock(mutex_);
    if (waiting_) waiting_->decide(Answer::drop);
}

}  // namespace drivers::mqtt
