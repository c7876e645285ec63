#include "gateway/buffer/gap_list.hpp"
#include "gateway/buffer/sqlite_connection.hpp"
#include "outbox_fixture.hpp"

#include <fstream>

using namespace tests::buffer;
using std::chrono::hours;

namespace {

constexpr std::uint32_t kMuch = 1U << 20;

class GapsFixture : public OutboxFixture {
  public:
    GapsFixture() { settings.datasets[0].retention = hours{24}; }

    // The restart looks for readings that are too old.
    void expire_after(hours time) {
        clock.advance(time);
        reopen();
    }
};

Gap gap(std::uint64_t first, std::uint64_t last, Eviction cause = Eviction::size) {
    return {cause, first, last, last - first + 1, kStart, kStart};
}

}  // namespace

TEST_CASE_METHOD(GapsFixture, "what was lost is told with the next batch", "[buffer][gaps]") {
    open();
    REQUIRE(store(0, some_readings(10)));
    open_batch(0, 0, {4, kMuch});
    confirm(0, 0);
    expire_after(hours{25});
    REQUIRE(store(0, some_readings(5, 10)));
    CHECK(queue(0, 0).waiting().gaps_since == clock.now());
    const Batch batch = open_batch(0, 0);
    CHECK(batch.first_sequence == 11);
    REQUIRE(batch.gaps.size() == 1);
    CHECK(batch.gaps[0].cause == Eviction::retention);
    CHECK(batch.gaps[0].first_sequence == 5);
    CHECK(batch.gaps[0].last_sequence == 10);
    CHECK(batch.gaps[0].count == 6);
    CHECK(batch.gaps[0].observed_from == kStart + std::chrono::seconds{4});
    CHECK(batch.gaps[0].observed_to == kStart + std::chrono::seconds{9});
    reopen();
    const Batch again = open_batch(0, 0);
    CHECK(same(batch, again));
    CHECK(again.gaps == batch.gaps);
    confirm(0, 0);
    CHECK_FALSE(queue(0, 0).waiting().gaps_since);
    CHECK_FALSE(has_batch(0, 0));
    check_ledger();
}

TEST_CASE_METHOD(GapsFixture, "when no reading follows a gap is a batch by itself", "[buffer]") {
    open();
    REQUIRE(store(0, some_readings(10)));
    expire_after(hours{25});
    CHECK(waiting(0, 0) == 0);
    const Batch alone = open_batch(0, 0);
    CHECK(alone.readings.empty());
    CHECK(alone.first_sequence == 1);
    CHECK(alone.last_sequence == 10);
    REQUIRE(alone.gaps.size() == 1);
    // It stays as it is, whatever comes meanwhile and across a restart.
    REQUIRE(store(0, some_readings(5, 10)));
    reopen();
    const Batch again = open_batch(0, 0);
    CHECK(again.readings.empty());
    CHECK(again.gaps == alone.gaps);
    confirm(0, 0);
    const Batch next = open_batch(0, 0);
    CHECK(next.gaps.empty());
    CHECK(next.readings.size() == 5);
    confirm(0, 0);
    check_ledger();
}

TEST_CASE_METHOD(GapsFixture, "a damaged store still tells what was lost before", "[buffer]") {
    open();
    REQUIRE(store(0, some_readings(10)));
    expire_after(hours{25});
    const bool is_under_way = GENERATE(true, false);
    const auto told = gap(1, 10, Eviction::retention);
    if (is_under_way) REQUIRE(open_batch(0, 0).gaps.size() == 1);
    close();
    {
        std::fstream file(settings.buffer.path, std::ios::in | std::ios::out | std::ios::binary);
        file.seekp(50);  // in the header
        file.put('x');
    }
    open();
    REQUIRE(outbox().notices().size() > 1);
    CHECK(outbox().notices()[1].code == "store-salvaged");
    const Batch batch = open_batch(0, 0);
    REQUIRE(batch.gaps.size() == 1);
    CHECK(batch.gaps[0].first_sequence == told.first_sequence);
    CHECK(batch.gaps[0].last_sequence == told.last_sequence);
    CHECK(batch.gaps[0].cause == told.cause);
    CHECK(batch.last_sequence == 10);
    confirm(0, 0);
    CHECK_FALSE(has_batch(0, 0));
    check_ledger();
}

TEST_CASE_METHOD(GapsFixture, "a gap in an open batch is not that of a later loss", "[buffer]") {
    open();
    REQUIRE(store(0, some_readings(10)));
    expire_after(hours{12});
    REQUIRE(store(0, some_readings(10, 10)));
    expire_after(hours{13});
    const Batch batch = open_batch(0, 0, {4, kMuch});
    CHECK(batch.gaps.size() == 1);
    expire_after(hours{13});  // the open batch goes, too
    REQUIRE(store(0, some_readings(10, 20)));
    REQUIRE(run(queue(0, 0).reopen()));
    const Batch next = open_batch(0, 0);
    CHECK(next.first_sequence == 21);
    REQUIRE(next.gaps.size() == 2);
    CHECK(next.gaps[0] == batch.gaps[0]);
    CHECK(next.gaps[1].first_sequence == 11);
    CHECK(next.gaps[1].count == 10);
}

TEST_CASE_METHOD(GapsFixture, "a search for a bad reading goes without gaps", "[buffer][gaps]") {
    open();
    REQUIRE(store(0, some_readings(10)));
    expire_after(hours{25});
    REQUIRE(store(0, some_readings(5, 10)));
    CHECK(open_batch(0, 0, {1, kMuch}).gaps.empty());
    REQUIRE(run(queue(0, 0).bury("HTTP 422")));
    CHECK(open_batch(0, 0, {1, kMuch}).gaps.empty());
    confirm(0, 0);
    CHECK(open_batch(0, 0, {2, kMuch}).gaps.size() == 1);
}

TEST_CASE_METHOD(GapsFixture, "the backlog takes gaps along while it has readings", "[buffer]") {
    open();
    REQUIRE(store(0, some_readings(10)));
    clock.advance(hours{12});
    REQUIRE(store(0, some_readings(10, 10)));
    REQUIRE(run(batch_queue(0, 0).set_aside(batch_queue(0, 0).newest())));
    expire_after(hours{13});
    CHECK_FALSE(has_batch(0, 0));
    const Batch batch = open_backlog(0, 0);
    CHECK(batch.first_sequence == 11);
    CHECK(batch.gaps.size() == 1);
    REQUIRE(store(0, some_readings(10, 20)));
    CHECK(open_batch(0, 0).gaps.empty());
    REQUIRE(run(queue(0, 0, Lane::backlog).confirm()));
    confirm(0, 0);
    CHECK_FALSE(has_batch(0, 0));
}

TEST_CASE_METHOD(GapsFixture, "every uplink is told of what it has not got", "[buffer][gaps]") {
    settings.uplinks = {uplink("city"), uplink("operator")};
    open();
    REQUIRE(store(0, some_readings(10)));
    open_batch(0, 0);
    confirm(0, 0);
    expire_after(hours{25});
    CHECK_FALSE(has_batch(0, 0));
    CHECK(open_batch(1, 0).gaps.size() == 1);
}

TEST_CASE_METHOD(GapsFixture, "damaged readings are a gap of what is known", "[buffer][gaps]") {
    open();
    REQUIRE(store(0, some_readings(10)));
    close();
    {
        auto connection = SqliteConnection::open(settings.buffer.path, {});
        REQUIRE(connection);
        REQUIRE(connection->execute("UPDATE segment SET body = zeroblob(40)"));
        REQUIRE(connection->checkpoint(true));
    }
    open();
    const Batch batch = open_batch(0, 0);
    REQUIRE(batch.gaps.size() == 1);
    CHECK(batch.gaps[0].cause == Eviction::damaged);
    CHECK(batch.gaps[0].count == 10);
    CHECK(batch.gaps[0].observed_from == kStart);
    CHECK(batch.gaps[0].observed_to == kStart);  // when they were stored
    confirm(0, 0);
    check_ledger();
}

TEST_CASE("gaps that follow each other are one", "[buffer][gaps]") {
    GapList list;
    list.note(gap(1, 10), 1, kStart);
    list.note(gap(15, 20), 11, kStart + hours{1});  // 11 to 14 are of another dataset
    REQUIRE(list.all().size() == 1);
    CHECK(list.all()[0].gap.last_sequence == 20);
    CHECK(list.all()[0].gap.count == 16);
    CHECK(list.noted_since(Lane::live, Lane::live) == kStart);
    list.note(gap(21, 22, Eviction::retention), 21, kStart);
    list.note(gap(40, 41), 30, kStart);  // some in between were delivered
    CHECK(list.all().size() == 3);
    list.seal(Lane::live);
    list.note(gap(42, 43), 42, kStart);  // what is in a batch does not change
    CHECK(list.all().size() == 4);
    list.confirm(Lane::live);
    CHECK(list.all().size() == 1);
}

TEST_CASE("gaps are bounded, and lose no count", "[buffer][gaps]") {
    GapList list;
    constexpr std::uint64_t kMany = 3 * GapList::kGapsMax;
    for (std::uint64_t i = 1; i <= kMany; ++i) {
        const auto cause = i % 2 == 0 ? Eviction::size : Eviction::retention;
        list.note(gap(10 * i, 10 * i + 4, cause), 10 * i, kStart);
    }
    CHECK(list.all().size() == GapList::kGapsMax);
    std::uint64_t count = 0;
    for (const auto& pending : list.all()) count += pending.gap.count;
    CHECK(count == 5 * kMany);
    CHECK(list.all().front().gap.first_sequence == 10);
    CHECK(list.all().back().gap == gap(10 * kMany, 10 * kMany + 4));  // the newest stay exact
}
