#pragma once
#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>

#include <exception>
#include <optional>
#include <utility>

namespace tests::support {

// Runs the reactor until the coroutine has ended, also while another thread is at work for it.
// Throws what it threw.
inline void awaited(boost::asio::io_context& io, boost::asio::awaitable<void> task) {
    const auto work = boost::asio::make_work_guard(io);
    std::optional<std::exception_ptr> end;
    boost::asio::co_spawn(io, std::move(task), [&](std::exception_ptr thrown) { end = thrown; });
    while (!end) io.run_one();
    if (*end) std::rethrow_exception(*end);
}

// The same with an answer.
template <class Answer>
Answer awaited(boost::asio::io_context& io, boost::asio::awaitable<Answer> task) {
    const auto work = boost::asio::make_work_guard(io);
    std::exception_ptr failure;
    std::optional<Answer> answer;
    auto on_end = [&](std::exception_ptr thrown, Answer given) {
        failure = thrown;
        answer = std::move(given);
    };
    boost::asio::co_spawn(io, std::move(task), std::move(on_end));
    while (!answer) io.run_one();
    if (failure) std::rethrow_exception(failure);
    return std::move(*answer);
}

}  // namespace tests::support
