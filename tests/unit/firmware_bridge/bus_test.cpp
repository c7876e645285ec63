#include "bench.hpp"
#include "simulated_flash.hpp"

#include <catch2/catch.hpp>

using namespace firmware_bridge::test;

namespace {

constexpr std::uint8_t kAddress = 12;

std::vector<std::uint8_t> types(const std::vector<Frame>& frames) {
    std::vector<std::uint8_t> found;
    for (const Frame& frame : frames) found.push_back(frame.type);
    return found;
}

using Types = std::vector<std::uint8_t>;

Frame poll_of(const Bench& bench, std::uint32_t sequence, std::uint16_t session = 7) {
    Frame poll = bench.ack(sequence, sequence);
    poll.type = kPoll;
    poll.session = session;
    return poll;
}

void begin_session(Bench& bench) {
    bench.receive(poll_of(bench, 0, 0));
    REQUIRE(types(bench.poll()) == Types{kHello, kTurnEnd});
    bench.welcome(7, 1);
}

// A queue whose pages take long to erase.
struct SlowQueue {
    explicit SlowQueue(Bench& bench) : bench_{bench}, flash_{{3, 512, 8}, 1}, slow_{*flash_.get()} {
        slow_.context = this;
        slow_.read = [](void* context, std::uint32_t address, std::uint8_t* bytes, std::uint32_t n
                     ) {
            const pd_flash& flash = *static_cast<SlowQueue*>(context)->flash_.get();
            return flash.read(flash.context, address, bytes, n);
        };
        slow_.program =
            [](void* context, std::uint32_t address, const std::uint8_t* bytes, std::uint32_t n) {
                const pd_flash& flash = *static_cast<SlowQueue*>(context)->flash_.get();
                return flash.program(flash.context, address, bytes, n);
            };
        slow_.erase = [](void* context, std::uint32_t page) {
            const pd_flash& flash = *static_cast<SlowQueue*>(context)->flash_.get();
            static_cast<SlowQueue*>(context)->bench_.now_ms += 90;
            return flash.erase(flash.context, page);
        };
        REQUIRE(pd_flash_queue_open(&log_, &slow_) == PD_OK);
    }

    pd_queue* get() { return &log_.queue; }

  private:
    Bench& bench_;
    SimulatedFlash flash_;
    pd_flash slow_;
    pd_flash_queue log_{};
};

}  // namespace

TEST_CASE("on a bus a node speaks only when it has the turn", "[device][bus]") {
    Bench bench{kAddress};
    bench.add(1);
    CHECK(bench.after(60'000).empty());
    bench.receive(poll_of(bench, 0, 0));
    const auto hello = bench.poll();
    CHECK(types(hello) == Types{kHello, kTurnEnd});
    CHECK(hello[0].address == kAddress);
    CHECK(hello[1].session == 0);
    CHECK(bench.after(60'000).empty());
    bench.welcome(7, 1);
    CHECK(bench.after(60'000).empty());
    bench.receive(poll_of(bench, 1));
    const auto turn = bench.poll();
    CHECK(types(turn) == Types{kReadings, kTurnEnd});
    CHECK(turn.back().session == 7);
    CHECK(bench.after(60'000).empty());
}

TEST_CASE(
    "a turn goes on from where the gateway is, and no further than the window", "[device][bus]"
) {
    Bench bench{kAddress};
    begin_session(bench);
    for (int n = 0; n < 12; ++n) bench.add(n);
    bench.receive(poll_of(bench, 1));
    CHECK(sequences(bench.poll()).size() == 8);
    bench.receive(poll_of(bench, 3));  // 3 was lost
    CHECK(sequences(bench.poll()) == std::vector<std::uint32_t>{3, 4, 5, 6, 7, 8, 9, 10});
    bench.receive(poll_of(bench, 3));  // and again
    CHECK(sequences(bench.poll()).front() == 3);
    bench.window = 0;
    bench.receive(poll_of(bench, 11));
    CHECK(types(bench.poll()) == Types{kTurnEnd});
    bench.now_ms += 2000;
    bench.receive(poll_of(bench, 11));
    CHECK(types(bench.poll()) == Types{kStatus, kTurnEnd});
}

TEST_CASE("polls of others give no turn", "[device][bus]") {
    Bench bench{kAddress};
    begin_session(bench);
    Frame other = poll_of(bench, 1);
    other.address = 13;
    bench.receive(other);
    CHECK(bench.poll().empty());
    bench.receive(poll_of(bench, 1, 8));  // another node at this address
    CHECK(bench.poll().empty());
    Bench line;
    line.receive({kPoll, 0, 0, 0, {}});
    CHECK(types(line.poll()) == Types{kHello});
}

TEST_CASE("a turn that was not used in time is not used", "[device][bus]") {
    Bench bench{kAddress};
    begin_session(bench);
    bench.add(1);
    bench.receive(poll_of(bench, 1));
    CHECK(bench.after(PD_TURN_PAUSE_MS + 1).empty());
    bench.receive(poll_of(bench, 1));
    CHECK(types(bench.poll()) == Types{kReadings, kTurnEnd});
}

TEST_CASE("what a firmware was too slow to send is not sent into another's turn", "[device][bus]") {
    Bench bench{kAddress};
    begin_session(bench);
    bench.add(1);
    bench.add(2);
    bench.receive(poll_of(bench, 1));
    bench.room = 10;
    bench.poll();
    bench.after(PD_TURN_PAUSE_MS + 1);
    CHECK(bench.sent.empty());
    bench.room = 1000;
    bench.receive(poll_of(bench, 1));
    CHECK(types(bench.poll()) == Types{kReadings, kReadings, kTurnEnd});
}

TEST_CASE("a gateway that was started again finds its nodes by polling", "[device][bus]") {
    Bench bench{kAddress};
    begin_session(bench);
    bench.add(1);
    bench.receive(poll_of(bench, 0, 0));
    CHECK(types(bench.poll()) == Types{kHello, kTurnEnd});
    bench.receive(poll_of(bench, 0, 0));  // the greeting was lost
    CHECK(types(bench.poll()) == Types{kHello, kTurnEnd});
    bench.welcome(9, 1);
    bench.receive(poll_of(bench, 1, 9));
    CHECK(types(bench.poll()) == Types{kReadings, kTurnEnd});
}

TEST_CASE("a node that was turned away does not answer", "[device][bus]") {
    Bench bench{kAddress};
    bench.receive(poll_of(bench, 0, 0));
    bench.poll();
    bench.receive({kTurnedAway, kAddress, 0, 0, {}});
    bench.receive(poll_of(bench, 0, 0));
    CHECK(bench.poll().empty());
    bench.now_ms += PD_TURNED_AWAY_MS;
    bench.receive(poll_of(bench, 0, 0));
    CHECK(types(bench.poll()) == Types{kHello, kTurnEnd});
}

TEST_CASE("a queue that ran over greets in its turn", "[device][bus]") {
    Bench bench{kAddress, 512};
    begin_session(bench);
    while (bench.queue.queue.first == 1) bench.add(1);
    bench.receive(poll_of(bench, 1));
    const auto turn = bench.poll();
    CHECK(types(turn) == Types{kHello, kTurnEnd});
    CHECK(hello_of(turn[0]).next() == 2);
}

TEST_CASE("a poll from before a page of the queue was erased is not answered", "[device][bus]") {
    Bench bench{kAddress};
    SlowQueue queue{bench};
    pd_config config = bench.link.config;
    config.queue = queue.get();
    REQUIRE(pd_init(&bench.link, &config) == PD_OK);
    bench.receive(poll_of(bench, 0, 0));
    CHECK(types(bench.poll()) == Types{kHello, kTurnEnd});
    const std::uint32_t before = bench.now_ms;
    const std::int64_t known = GENERATE(std::int64_t{0}, 1'772'366'400'000);
    while (bench.now_ms == before) bench.add(1, known);
    bench.receive(poll_of(bench, 0, 0));
    CHECK(bench.poll().empty());
    CHECK(bench.after(20).empty());
    bench.receive(poll_of(bench, 0, 0));
    CHECK(types(bench.poll()) == Types{kHello, kTurnEnd});
}
