#include "gateway/buffer/error.hpp"
#include "gateway/model/frame.hpp"
#include "outbox_fixture.hpp"

#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/steady_timer.hpp>
#include <sys/stat.h>

#include <fstream>

using namespace tests::buffer;

namespace {

mode_t mode_of(const std::string& path) {
    struct stat status {};
    REQUIRE(::stat(path.c_str(), &status) == 0);
    return status.st_mode & 0777;
}

}  // namespace

TEST_CASE_METHOD(OutboxFixture, "stored readings come out as they went in", "[buffer][outbox]") {
    open();
    const auto readings = some_readings(100);
    REQUIRE(store(0, readings));
    const Batch batch = open_batch(0, 0);
    REQUIRE(batch.readings.size() == 100);
    CHECK(batch.dataset == "water");
    CHECK(batch.first_sequence == 1);
    CHECK(batch.last_sequence == 100);
    for (std::size_t i = 0; i < 100; ++i) {
        const auto& in = readings.all()[i];
        const StoredReading& out = batch.readings[i];
        CHECK(out.sequence == i + 1);
        CHECK(batch.devices[out.device] == in.device());
        CHECK(batch.quantities[out.quantity].name == in.quantity().name);
        CHECK(batch.quantities[out.quantity].unit == in.quantity().unit);
        CHECK(out.value == in.value());
        CHECK(out.observed_at == in.observed_at());
        const auto attributes = in.attributes().empty() ? "{}" : std::string(in.attributes());
        CHECK(batch.attributes[out.attributes] == attributes);
    }
    CHECK(batch.devices.size() == 7);
    CHECK(outbox().ledger().stored == 100);
    check_ledger();
}

TEST_CASE_METHOD(OutboxFixture, "the store is for its owner's eyes only", "[buffer][outbox]") {
    open();
    CHECK(mode_of(directory.file("store")) == 0700);
    CHECK(mode_of(directory.file("store/buffer.db")) == 0600);
    CHECK(mode_of(directory.file("store/buffer.db-wal")) == 0600);
}

TEST_CASE_METHOD(OutboxFixture, "what arrives during a commit is one group", "[buffer][outbox]") {
    open();
    const auto readings = some_readings(3);
    const auto commits = outbox().figures().commits;
    std::vector<Ticket> tickets;
    for (int i = 0; i < 500; ++i) tickets.push_back(*outbox().append(DatasetId{0}, readings.all()));
    CHECK(tickets.front() == tickets.back());
    CHECK(*outbox().append(DatasetId{0}, {}) == tickets.back());
    int resumed = 0;
    const auto wait = [&](Ticket ticket) -> boost::asio::awaitable<void> {
        const auto verdict = co_await outbox().committed(ticket);
        CHECK(verdict);
        ++resumed;
    };
    for (const Ticket ticket : tickets) boost::asio::co_spawn(io, wait(ticket), [](auto) {});
    while (resumed < 500) io.run_one();
    CHECK(outbox().figures().commits == commits + 1);
    CHECK(outbox().ledger().stored == 1500);
    CHECK(outbox().figures().segments == 1);
    CHECK(run(outbox().committed(tickets.front())));  // still known afterwards
}

TEST_CASE_METHOD(OutboxFixture, "a linger waits for company", "[buffer][outbox]") {
    settings.buffer.linger = std::chrono::milliseconds{20};
    open();
    const auto commits = outbox().figures().commits;
    const auto first = *outbox().append(DatasetId{0}, some_readings(1).all());
    boost::asio::steady_timer later(io, std::chrono::milliseconds{1});
    std::optional<Ticket> second;
    later.async_wait([&](auto) { second = *outbox().append(DatasetId{0}, some_readings(1).all()); }
    );
    CHECK(run(outbox().committed(first)));
    CHECK(second == first);
    CHECK(outbox().figures().commits == commits + 1);
}

TEST_CASE_METHOD(OutboxFixture, "who has patience is committed with who has none", "[buffer]") {
    open();
    const auto commits = outbox().figures().commits;
    const auto append = [&](std::chrono::milliseconds patience) {
        return *outbox().append(DatasetId{0}, some_readings(1).all(), std::nullopt, patience);
    };
    const auto first = append(model::kPatienceMax);
    boost::asio::steady_timer later(io, std::chrono::milliseconds{1});
    bool was_stored_alone = true;
    std::optional<Ticket> second;
    later.async_wait([&](auto) {
        was_stored_alone = outbox().committed_already(first).has_value();
        second = append({});
    });
    CHECK(run(outbox().committed(first)));
    CHECK_FALSE(was_stored_alone);
    CHECK(second == first);
    CHECK(outbox().figures().commits == commits + 1);

    const auto alone = append(std::chrono::milliseconds{1});
    CHECK(run(outbox().committed(alone)));  // also when nobody else comes
    CHECK(alone != first);
}

TEST_CASE_METHOD(OutboxFixture, "beyond its bound a group refuses as overloaded", "[buffer]") {
    open();
    const auto readings = some_readings(10'000);
    for (int i = 0; i < 6; ++i) REQUIRE(outbox().append(DatasetId{0}, readings.all()));
    const auto refused = outbox().append(DatasetId{0}, readings.all());
    REQUIRE_FALSE(refused);
    CHECK(refused.error().cause == model::Refusal::overloaded);
    CHECK(run(outbox().committed(*outbox().append(DatasetId{0}, {}))));
    CHECK(outbox().figures().segments == 6);
    CHECK(outbox().append(DatasetId{0}, readings.all()));
}

TEST_CASE_METHOD(OutboxFixture, "refusals reach the ledger without readings", "[buffer][outbox]") {
    open();
    outbox().count_refused(model::Refusal::malformed, 3);
    outbox().count_refused(model::Refusal::duplicate);
    REQUIRE(store(0, some_readings(2)));
    CHECK(outbox().ledger().refused_total() == 4);
    CHECK(outbox().ledger().received() == 6);
    outbox().count_refused(model::Refusal::duplicate, 5);
    reopen();
    CHECK(outbox().ledger().refused[static_cast<std::size_t>(model::Refusal::duplicate)] == 6);
}

TEST_CASE_METHOD(OutboxFixture, "a restart continues where it left off", "[buffer][outbox]") {
    open();
    REQUIRE(store(0, some_readings(50)));
    const Batch before = open_batch(0, 0, {20, 512 * 1024});
    CHECK(before.readings.size() == 20);
    reopen();
    CHECK(outbox().ledger().stored == 50);
    CHECK(waiting(0, 0) == 50);
    const Batch after = open_batch(0, 0, {10'000, 512 * 1024});
    CHECK(same(before, after));
    confirm(0, 0);
    CHECK(waiting(0, 0) == 30);
    REQUIRE(store(0, some_readings(5, 100)));
    reopen();
    const Batch rest = open_batch(0, 0);
    CHECK(rest.first_sequence == 21);
    CHECK(rest.last_sequence == 55);
    confirm(0, 0);
    CHECK(outbox().figures().segments == 0);
    reopen();
    REQUIRE(store(0, some_readings(1)));
    CHECK(open_batch(0, 0).first_sequence == 56);  // never reused, even when everything is gone
    check_ledger();
}

TEST_CASE_METHOD(OutboxFixture, "a batch spans segments and stops at its bounds", "[buffer]") {
    open();
    for (int i = 0; i < 5; ++i) REQUIRE(store(0, some_readings(10, i * 10)));
    const Batch batch = open_batch(0, 0, {25, 512 * 1024});
    CHECK(batch.readings.size() == 25);
    REQUIRE(run(queue(0, 0).reopen()));
    CHECK(open_batch(0, 0, {10'000, 300}).readings.size() < 20);
    REQUIRE(run(queue(0, 0).reopen()));
    const Batch one = open_batch(0, 0, {10'000, 1});
    CHECK(one.readings.size() == 1);
    REQUIRE(run(queue(0, 0).bury("HTTP 422")));
    CHECK(outbox().ledger().uplinks.at("city").dead == 1);
    CHECK(waiting(0, 0) == 49);
    CHECK(open_batch(0, 0).readings.size() == 49);
    confirm(0, 0);
    CHECK_FALSE(has_batch(0, 0));
    check_ledger();
}

TEST_CASE_METHOD(OutboxFixture, "segments stay until the last uplink confirmed", "[buffer]") {
    settings.uplinks.push_back(uplink("operator", {"water"}));
    open();
    REQUIRE(store(0, some_readings(10)));
    open_batch(0, 0);
    confirm(0, 0);
    CHECK(outbox().figures().segments == 1);
    CHECK(waiting(0, 0) == 0);
    CHECK(waiting(1, 0) == 10);
    open_batch(1, 0);
    confirm(1, 0);
    CHECK(outbox().figures().segments == 0);
    CHECK_FALSE(outbox().figures().oldest.has_value());
    check_ledger();
}

TEST_CASE_METHOD(OutboxFixture, "queues wake when readings are committed", "[buffer][outbox]") {
    open();
    const auto seen = batch_queue(0, 0).changes();
    bool woken = false;
    boost::asio::co_spawn(io, batch_queue(0, 0).changed(seen), [&](auto) { woken = true; });
    REQUIRE(store(0, some_readings(1)));
    while (!woken) io.run_one();
    CHECK(batch_queue(0, 0).changes() > seen);
    CHECK(queue(0, 0).waiting().oldest_stored_at == kStart);
}

TEST_CASE_METHOD(OutboxFixture, "retention removes what is too old and counts it", "[buffer]") {
    settings.datasets[0].retention = std::chrono::hours{24};
    open();
    REQUIRE(store(0, some_readings(10)));
    clock.advance(std::chrono::hours{12});
    REQUIRE(store(0, some_readings(3)));
    clock.advance(std::chrono::hours{13});
    reopen();
    CHECK(waiting(0, 0) == 3);
    CHECK(outbox().ledger().evicted[static_cast<std::size_t>(Eviction::retention)] == 10);
    CHECK(outbox().ledger().uplinks.at("city").evicted_total() == 10);
    check_ledger();
}

TEST_CASE_METHOD(OutboxFixture, "a clock that was not set does not expire readings", "[buffer]") {
    settings.datasets[0].retention = std::chrono::hours{24};
    clock.set(model::Instant{});
    open();
    REQUIRE(store(0, some_readings(10)));
    clock.set(kStart);
    reopen();
    CHECK(waiting(0, 0) == 10);
    REQUIRE(store(0, some_readings(1)));
    clock.advance(std::chrono::hours{25});
    reopen();
    CHECK(waiting(0, 0) == 0);
}

TEST_CASE_METHOD(OutboxFixture, "a new uplink gets what is there", "[buffer][outbox]") {
    open();
    REQUIRE(store(0, some_readings(10)));
    open_batch(0, 0, {4, 512 * 1024});
    confirm(0, 0);
    close();
    settings.uplinks.insert(settings.uplinks.begin(), uplink("operator", {"water"}));
    open();
    CHECK(waiting(0, 0) == 10);
    CHECK(waiting(1, 0) == 6);
    CHECK(outbox().ledger().uplinks.at("operator").stored == 10);
    check_ledger();
    close();
    settings.uplinks.erase(settings.uplinks.begin() + 1);  // the city goes
    open();
    CHECK(outbox().ledger().uplinks.size() == 1);
    open_batch(0, 0);
    confirm(0, 0);
    CHECK(outbox().figures().segments == 0);
}

TEST_CASE_METHOD(
    OutboxFixture, "a dataset leaves the configuration, not its readings", "[buffer]"
) {
    settings.datasets.push_back(dataset("air"));
    open();
    REQUIRE(store(1, some_readings(10)));
    close();
    settings.datasets.pop_back();
    open();
    const auto queues = outbox().queues(UplinkId{0});
    REQUIRE(queues.size() == 2);
    CHECK(queues[1]->dataset() == "air");
    CHECK(queues[1]->waiting().readings == 10);
    check_ledger();
    BatchLane& air = queues[1]->lane(Lane::live);
    CHECK((*run(air.open({})))->readings.size() == 10);
    REQUIRE(run(air.confirm()));
    reopen();
    CHECK(outbox().queues(UplinkId{0}).size() == 1);
    check_ledger();
}

TEST_CASE_METHOD(OutboxFixture, "after close() nothing is taken", "[buffer][outbox]") {
    open();
    const auto ticket = *outbox().append(DatasetId{0}, some_readings(10).all());
    bool done = false;
    boost::asio::co_spawn(io, outbox().close(), [&](auto) { done = true; });
    CHECK(run(outbox().committed(ticket)));
    while (!done) io.run_one();
    CHECK_FALSE(outbox().able_to_store());
    const auto refused = outbox().append(DatasetId{0}, some_readings(1).all());
    REQUIRE_FALSE(refused);
    CHECK(refused.error().cause == model::Refusal::stopping);
    CHECK(failures.empty());
}

TEST_CASE_METHOD(OutboxFixture, "a second process is told that the store is in use", "[buffer]") {
    open();
    OutboxFixture other;
    other.settings = settings;
    const auto second =
        Outbox::open({other.io.get_executor(), other.storage, other.clock, {}}, other.settings);
    REQUIRE_FALSE(second);
    CHECK(second.error() == Errc::in_use);
    CHECK(store(0, some_readings(1)));
}

TEST_CASE_METHOD(OutboxFixture, "a file that is no database is moved aside", "[buffer][outbox]") {
    open();
    close();
    std::ofstream(settings.buffer.path, std::ios::trunc) << std::string(10'000, 'x');
    open();
    REQUIRE(outbox().notices().size() == 2);
    CHECK(outbox().notices()[0].code == "store-damaged");
    CHECK(tests::support::read_file(outbox().notices()[0].detail).size() == 10'000);
    CHECK(store(0, some_readings(1)));
}
