#include "gateway/buffer/sqlite_store.hpp"
#include "outbox_fixture.hpp"

#include <random>

using namespace tests::buffer;

namespace {

constexpr std::uint64_t kSmallStore = 544 * 1024;

// Readings that do not compress: about 16 bytes each.
tests::support::PublicReadings bulky_readings(std::size_t count) {
    static std::mt19937_64 random(1);
    tests::support::PublicReadings readings;
    for (std::size_t i = 0; i < count; ++i) {
        tests::support::PublicFields fields;
        fields.device = "device";
        fields.quantity = &kVolume;
        fields.value.mantissa = static_cast<std::int64_t>(random());
        fields.observed_at = kStart + std::chrono::milliseconds{random() % (1U << 30)};
        readings.add(fields);
    }
    return readings;
}

std::uint64_t evicted_by_size(const Ledger& ledger) {
    return ledger.evicted[static_cast<std::size_t>(Eviction::size)];
}

}  // namespace

TEST_CASE_METHOD(OutboxFixture, "a full store evicts the lowest priority first", "[buffer]") {
    settings.buffer.size_max = kSmallStore;
    settings.datasets = {
        dataset("alarms", settings::Priority::alarm),
        dataset("noise", settings::Priority::bulk),
        dataset("water")};
    open();
    REQUIRE(store(0, bulky_readings(2000)));
    REQUIRE(store(1, bulky_readings(2000)));
    REQUIRE(store(2, bulky_readings(2000)));
    while (waiting(0, 1) > 0) REQUIRE(store(2, bulky_readings(500)));
    CHECK(waiting(0, 0) == 2000);
    CHECK(evicted_by_size(outbox().ledger()) == 2000);
    for (int i = 0; i < 60; ++i) REQUIRE(store(2, bulky_readings(500)));
    CHECK(waiting(0, 0) == 2000);  // alarms never make room for water
    CHECK(outbox().figures().bytes < kSmallStore + 2 * SqliteStore::kLogBytesMax);
    check_ledger();
    const Batch batch = open_batch(0, 2);
    CHECK(batch.first_sequence > 4000);
    confirm(0, 2);
    check_ledger();
}

TEST_CASE_METHOD(OutboxFixture, "readings never push out a higher priority", "[buffer]") {
    settings.buffer.size_max = kSmallStore;
    settings.datasets = {
        dataset("alarms", settings::Priority::alarm), dataset("noise", settings::Priority::bulk)};
    open();
    for (int i = 0; i < 100; ++i) REQUIRE(store(0, bulky_readings(500)));
    const auto alarms = waiting(0, 0);
    const auto refused = store(1, bulky_readings(2000));
    REQUIRE_FALSE(refused);
    CHECK(refused.error().cause == model::Refusal::buffer_full);
    CHECK(waiting(0, 0) == alarms);
    CHECK(store(0, bulky_readings(500)));
    check_ledger();
}

TEST_CASE_METHOD(OutboxFixture, "a store that may not evict refuses when it is full", "[buffer]") {
    settings.buffer.size_max = kSmallStore;
    settings.buffer.full = settings::Buffer::Full::refuse;
    open();
    std::uint64_t stored = 0;
    model::Decoded<void> verdict;
    while ((verdict = store(0, bulky_readings(500)))) stored += 500;
    CHECK(verdict.error().cause == model::Refusal::buffer_full);
    CHECK(outbox().ledger().stored == stored);
    CHECK(evicted_by_size(outbox().ledger()) == 0);
    CHECK(outbox().able_to_store());
    CHECK(failures.empty());
    outbox().count_refused(model::Refusal::buffer_full, 500);
    CHECK_FALSE(store(0, bulky_readings(500)));
    const Batch batch = open_batch(0, 0);  // the way out still works
    CHECK(batch.readings.size() > 5000);
    confirm(0, 0);
    CHECK(store(0, some_readings(500)));  // with the texts of the groups that failed
    CHECK(outbox().ledger().refused_total() == 500);
    std::uint64_t left = 0;
    while (waiting(0, 0) > 0) {
        left += open_batch(0, 0).readings.size();
        confirm(0, 0);
    }
    CHECK(batch.readings.size() + left == stored + 500);
    check_ledger();
}

TEST_CASE_METHOD(OutboxFixture, "an open batch can be confirmed after its eviction", "[buffer]") {
    settings.buffer.size_max = kSmallStore;
    open();
    REQUIRE(store(0, bulky_readings(1000)));
    REQUIRE(store(0, bulky_readings(1000)));
    CHECK(open_batch(0, 0, {1500, 1U << 20}).last_sequence == 1500);
    while (evicted_by_size(outbox().ledger()) == 0) REQUIRE(store(0, bulky_readings(1000)));
    CHECK(evicted_by_size(outbox().ledger()) == 1000);
    confirm(0, 0);
    CHECK(outbox().ledger().uplinks.at("city").delivered == 500);
    CHECK(open_batch(0, 0).first_sequence == 1501);
    check_ledger();
}

TEST_CASE_METHOD(OutboxFixture, "an uplink loses only what it had not confirmed", "[buffer]") {
    settings.datasets[0].retention = std::chrono::hours{24};
    settings.uplinks = {uplink("city"), uplink("operator")};
    open();
    REQUIRE(store(0, some_readings(10)));
    open_batch(0, 0, {4, 1U << 20});
    confirm(0, 0);
    clock.advance(std::chrono::hours{30});
    reopen();
    const auto& uplinks = outbox().ledger().uplinks;
    CHECK(uplinks.at("city").delivered == 4);
    CHECK(uplinks.at("city").evicted_total() == 6);
    CHECK(uplinks.at("operator").evicted_total() == 10);
    CHECK(outbox().ledger().evicted[static_cast<std::size_t>(Eviction::retention)] == 10);
    check_ledger();
}

TEST_CASE_METHOD(
    OutboxFixture, "alarms are stored where the door is closed to others", "[buffer]"
) {
    settings.buffer.size_max = kSmallStore;
    settings.buffer.full = settings::Buffer::Full::refuse;
    settings.datasets = {
        dataset("water"),
        dataset("alarms", settings::Priority::alarm),
        dataset("noise", settings::Priority::bulk)};
    open();
    while (store(0, bulky_readings(500))) {
    }
    CHECK_FALSE(store(2, bulky_readings(500)));
    const auto full = waiting(0, 0);
    REQUIRE(store(1, bulky_readings(500)));
    // In one group with others: each priority is answered by itself.
    const auto water = outbox().append(DatasetId{0}, bulky_readings(500).all());
    const auto alarms = outbox().append(DatasetId{1}, bulky_readings(10).all());
    const SessionMark refused{SessionId{}, 1};
    const auto noise = outbox().append(DatasetId{2}, bulky_readings(500).all(), refused);
    const auto fault = run(outbox().committed(*water));
    REQUIRE_FALSE(fault);
    CHECK(fault.error().cause == model::Refusal::buffer_full);
    CHECK(run(outbox().committed(*alarms)));
    CHECK_FALSE(run(outbox().committed(*noise)));
    CHECK_FALSE(outbox().ticket_of(refused));
    CHECK(waiting(0, 0) == full);
    CHECK(waiting(0, 1) == 510);
    std::uint64_t kept = 0;
    while (store(1, bulky_readings(100))) kept += 100;
    CHECK(kept < full);  // the share ends, too
    CHECK(evicted_by_size(outbox().ledger()) == 0);
    check_ledger();
    reopen();
    CHECK(waiting(0, 1) == 510 + kept);
}

TEST_CASE_METHOD(OutboxFixture, "bulk that finds no room takes nobody with it", "[buffer]") {
    settings.buffer.size_max = kSmallStore;
    settings.datasets = {dataset("water"), dataset("noise", settings::Priority::bulk)};
    open();
    for (int i = 0; i < 60; ++i) REQUIRE(store(0, bulky_readings(500)));
    const auto water = outbox().append(DatasetId{0}, bulky_readings(500).all());
    const auto noise = outbox().append(DatasetId{1}, bulky_readings(500).all());
    CHECK(run(outbox().committed(*water)));
    CHECK_FALSE(run(outbox().committed(*noise)));
    CHECK(waiting(0, 1) == 0);
    check_ledger();
}

TEST_CASE_METHOD(OutboxFixture, "an alarm does not linger", "[buffer][outbox]") {
    settings.buffer.linger = std::chrono::hours{1};
    settings.datasets = {dataset("water"), dataset("alarms", settings::Priority::alarm)};
    open();
    const auto first = *outbox().append(DatasetId{0}, some_readings(1).all());
    io.poll();  // the group lingers
    const auto alarm = *outbox().append(DatasetId{1}, some_readings(1).all());
    CHECK(run(outbox().committed(alarm)));
    CHECK(run(outbox().committed(first)));  // in company
    REQUIRE(store(1, some_readings(1)));
}
