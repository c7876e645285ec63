#include "gateway/runtime/worker_thread.hpp"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/io_context.hpp>
#include <catch2/catch.hpp>

#include <thread>

namespace asio = boost::asio;
using gateway::runtime::WorkerThread;

namespace {

void turn(int times) {
    for (int i = 0; i < times; ++i) std::this_thread::yield();
}

asio::awaitable<int> wait_for_work(WorkerThread& thread, int turns) {
    auto work = [turns] {
        turn(turns);
        return 7;
    };
    co_return co_await thread.run(std::move(work));
}

}  // namespace

// Before, during and after the work, and while its answer is on the way: a race that is run often
// enough to be lost.
TEST_CASE("who waits for a thread may be cancelled at any moment", "[runtime]") {
    constexpr int kRaces = 3000;
    int ended = 0;
    for (int i = 0; i < kRaces; ++i) {
        asio::io_context io;
        WorkerThread thread("worker");
        asio::cancellation_signal cancel;
        auto on_end = [&](std::exception_ptr, int answer) { ended += answer == 7 ? 1 : 0; };
        asio::co_spawn(
            io,
            wait_for_work(thread, i % 7),
            asio::bind_cancellation_slot(cancel.slot(), std::move(on_end))
        );
        io.poll();
        turn(i % 11);
        cancel.emit(asio::cancellation_type::terminal);
        io.run();
    }
    CHECK(ended == kRaces);
}
