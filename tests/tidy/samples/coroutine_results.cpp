// as: gateway/forward/sample.cpp
#include "gateway/buffer/batch_queue.hpp"
namespace gateway::forward {

boost::asio::awaitable<void> pause();
boost::asio::awaitable<model::Result<int>> fetch();

boost::asio::awaitable<void> bad(BatchQueue& queue) {
    co_await queue.confirm();  // flagged: coroutine-result
    co_await fetch();          // flagged: coroutine-result
    co_await unknown();        // flagged: coroutine-result
    if (ready) co_await queue.bury("cause");  // flagged: coroutine-result
    switch (state) {
        case State::open:
            co_await fetch();  // flagged: coroutine-result
            break;
        default:
            co_await std::move(task);  // flagged: coroutine-result
    }
    group.spawn([]() -> boost::asio::awaitable<void> {
        co_await fetch();  // flagged: coroutine-result
    }());
}

boost::asio::awaitable<void> good(BatchQueue& queue) {
    co_await pause();
    co_await queue.changed(seen);
    co_await timer.async_wait(boost::asio::use_awaitable);
    co_await boost::asio::post(executor, boost::asio::use_awaitable);
    static_cast<void>(co_await fetch());
    auto done = co_await queue.confirm();
    if (!co_await fetch()) co_return;
    co_return co_await pause();
}

}  // namespace gateway::forward
