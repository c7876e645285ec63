#include "gateway/forgetting.hpp"

#include "gateway/pipeline.hpp"
#include "gateway/runtime/wipe_stack.hpp"

#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <chrono>

namespace gateway {

namespace asio = boost::asio;

namespace {

constexpr std::chrono::milliseconds kInterval{500};  // half of what is promised

}  // namespace

asio::awaitable<void> forget_frames(Pipeline& pipeline) {
    asio::steady_timer timer(co_await asio::this_coro::executor);
    while (true) {
        timer.expires_after(kInterval);
        co_await timer.async_wait(asio::use_awaitable);
        pipeline.forget_frames();
        runtime::wipe_stack();
    }
}

}  // namespace gateway
