#include "gateway/runtime/task_group.hpp"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/system/system_error.hpp>

namespace gateway::runtime {

namespace asio = boost::asio;

namespace {

bool is_cancellation(const std::exception_ptr& failure) {
    try {
        std::rethrow_exception(failure);
    } catch (const boost::system::system_error& error) {
        return error.code() == asio::error::operation_aborted;
    } catch (...) {
        return false;
    }
}

}  // namespace

TaskGroup::TaskGroup(
    asio::any_io_executor executor, std::function<void(std::exception_ptr)> on_failure
)
    : executor_(std::move(executor)),
      on_failure_(std::move(on_failure)),
      emptied_(executor_, asio::steady_timer::time_point::max()) {}

TaskGroup::~TaskGroup() = default;

void TaskGroup::spawn(asio::awaitable<void> task) {
    if (closing_) return;
    auto position = running_.emplace(running_.end());
    auto on_end = [this, position](std::exception_ptr failure) {
        running_.erase(position);
        if (running_.empty()) emptied_.cancel();
        if (failure && !is_cancellation(failure)) on_failure_(failure);
    };
    asio::co_spawn(
        executor_,
        std::move(task),
        asio::bind_cancellation_slot(position->cancel.slot(), std::move(on_end))
    );
}

asio::awaitable<void> TaskGroup::close() {
    closing_ = true;
    for (auto& task : running_) task.cancel.emit(asio::cancellation_type::terminal);
    while (!running_.empty()) {
        boost::system::error_code ignored;
        co_await emptied_.async_wait(asio::redirect_error(asio::use_awaitable, ignored));
    }
}

}  // namespace gateway::runtime
