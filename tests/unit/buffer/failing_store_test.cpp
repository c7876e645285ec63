#include "faulty_store.hpp"
#include "gateway/buffer/sqlite_store.hpp"
#include "gateway/buffer/store_file.hpp"
#include "outbox_fixture.hpp"

using namespace tests::buffer;

namespace {

class FailingFixture : public OutboxFixture {
  public:
    std::shared_ptr<FaultyStore::Plan> plan = std::make_shared<FaultyStore::Plan>();

    void open_faulty() {
        REQUIRE(prepare_store_file(settings.buffer.path));
        auto opened = SqliteStore::open(settings, clock.now());
        REQUIRE(opened);
        open_over(std::make_unique<FaultyStore>(std::move(*opened), plan));
    }

    // Writes the group that is open, with `meanwhile` called while the storage thread is at it.
    template <class Meanwhile>
    void write_group(Ticket ticket, Meanwhile meanwhile) {
        std::promise<void> gate;
        plan->gate = gate.get_future().share();
        io.poll();  // the group is on its way, and comes no further
        meanwhile();
        gate.set_value();
        CHECK(run(outbox().committed(ticket)));
    }
};

}  // namespace

TEST_CASE_METHOD(FailingFixture, "a failed commit acknowledges nothing, ever", "[buffer]") {
    open_faulty();
    REQUIRE(store(0, some_readings(5)));
    plan->calls_until_failure = 0;
    std::promise<void> gate;
    plan->gate = gate.get_future().share();
    const auto readings = some_readings(3);
    std::vector<model::Refusal> verdicts;
    const auto send = [&](Ticket ticket) -> boost::asio::awaitable<void> {
        const auto verdict = co_await outbox().committed(ticket);
        CHECK_FALSE(verdict);
        if (!verdict) verdicts.push_back(verdict.error().cause);
    };
    const auto first = *outbox().append(DatasetId{0}, readings.all());
    boost::asio::co_spawn(io, send(first), [](auto) {});
    io.poll();  // the first group is on its way: these are the next
    const auto second = *outbox().append(DatasetId{0}, readings.all());
    for (int i = 0; i < 10; ++i) boost::asio::co_spawn(io, send(second), [](auto) {});
    gate.set_value();
    while (verdicts.size() < 11) io.run_one();
    CHECK(first != second);
    for (const auto cause : verdicts) CHECK(cause == model::Refusal::store_failed);
    CHECK_FALSE(outbox().able_to_store());
    CHECK(failures.size() == 1);
    CHECK(plan->calls_after_failure == 0);
    const auto refused = outbox().append(DatasetId{0}, readings.all());
    REQUIRE_FALSE(refused);
    CHECK(refused.error().cause == model::Refusal::store_failed);
    CHECK_FALSE(run(outbox().committed(second)));
    CHECK(outbox().ledger().stored == 5);
    CHECK_FALSE(run(queue(0, 0).open({})));
    run(outbox().close());
    CHECK(plan->calls_after_failure == 0);
    CHECK(plan->written == 1);
}

TEST_CASE_METHOD(FailingFixture, "a failure on the way out stops the way in", "[buffer]") {
    open_faulty();
    REQUIRE(store(0, some_readings(5)));
    open_batch(0, 0);
    plan->calls_until_failure = 0;
    CHECK_FALSE(run(queue(0, 0).confirm()));
    CHECK(failures.size() == 1);
    CHECK_FALSE(outbox().able_to_store());
    CHECK_FALSE(store(0, some_readings(1)));
    CHECK(waiting(0, 0) == 5);
    check_ledger();
}

TEST_CASE_METHOD(FailingFixture, "what failed is not there after a restart", "[buffer]") {
    open_faulty();
    REQUIRE(store(0, some_readings(5)));
    plan->calls_until_failure = 0;
    CHECK_FALSE(store(0, some_readings(7)));
    close();
    open();
    CHECK(waiting(0, 0) == 5);
    REQUIRE(store(0, some_readings(1)));
    CHECK(open_batch(0, 0).last_sequence == 6);
}

// A repetition waits for everything appended so far: here for nothing, since only refusals fill the
// open group.
TEST_CASE_METHOD(FailingFixture, "a repetition is answered while refusals linger", "[buffer]") {
    settings.buffer.linger = std::chrono::hours{1};
    open_faulty();
    const auto readings = some_readings(20'000);  // so many do not linger
    const auto first = *outbox().append(DatasetId{0}, readings.all());
    write_group(first, [this] { outbox().count_refused(model::Refusal::duplicate); });
    const auto repeated = *outbox().append(DatasetId{0}, {});
    CHECK(repeated == first);
    int answered = 0;
    const auto ask = [&]() -> boost::asio::awaitable<void> {
        const auto verdict = co_await outbox().committed(repeated);
        CHECK(verdict);
        ++answered;
    };
    boost::asio::co_spawn(io, ask(), [](auto) {});
    io.poll();
    CHECK(answered == 1);
}
