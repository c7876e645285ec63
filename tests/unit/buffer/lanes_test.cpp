#include "gateway/buffer/queue_state.hpp"
#include "outbox_fixture.hpp"

using namespace tests::buffer;

namespace {

constexpr std::uint32_t kMuch = 1U << 20;

class LanesFixture : public OutboxFixture {
  public:
    // Twenty readings in the backlog, ten in the live lane.
    void part() {
        open();
        REQUIRE(store(0, some_readings(10)));
        REQUIRE(store(0, some_readings(10, 10)));
        set_aside();
        REQUIRE(store(0, some_readings(10, 20)));
    }
    void set_aside() {
        const auto aside = run(batch_queue(0, 0).set_aside(batch_queue(0, 0).newest()));
        REQUIRE(aside);
        CHECK(*aside);
    }
    void confirm_backlog() { REQUIRE(run(queue(0, 0, Lane::backlog).confirm())); }
    std::uint64_t backlog() { return queue(0, 0, Lane::backlog).waiting().readings; }
    std::uint64_t live() { return queue(0, 0).waiting().readings; }
    std::uint64_t delivered() { return outbox().ledger().uplinks.at("city").delivered; }
};

}  // namespace

TEST_CASE_METHOD(LanesFixture, "what is set aside and what is new go their own ways", "[buffer]") {
    part();
    CHECK(backlog() == 20);
    CHECK(live() == 10);
    const Batch old = open_backlog(0, 0, {15, kMuch});
    const Batch fresh = open_batch(0, 0, {4, kMuch});
    CHECK(old.first_sequence == 1);
    CHECK(old.last_sequence == 15);
    CHECK(fresh.first_sequence == 21);
    CHECK(fresh.last_sequence == 24);
    confirm(0, 0);
    CHECK(delivered() == 4);
    check_ledger();
    CHECK(outbox().figures().segments == 3);
    confirm_backlog();
    CHECK(delivered() == 19);
    CHECK(open_backlog(0, 0, {100, kMuch}).last_sequence == 20);  // not beyond the split
    confirm_backlog();
    CHECK(backlog() == 0);
    CHECK_FALSE(run(queue(0, 0, Lane::backlog).open({}))->has_value());
    CHECK(outbox().figures().segments == 1);
    CHECK(open_batch(0, 0).first_sequence == 25);
    confirm(0, 0);
    CHECK(delivered() == 30);
    CHECK(outbox().figures().segments == 0);
    check_ledger();
}

TEST_CASE_METHOD(LanesFixture, "both lanes survive a restart, open batches included", "[buffer]") {
    part();
    const Batch old = open_backlog(0, 0, {15, kMuch});
    const Batch fresh = open_batch(0, 0, {4, kMuch});
    reopen();
    CHECK(backlog() == 20);
    CHECK(live() == 10);
    CHECK(same(open_batch(0, 0, {100, kMuch}), fresh));
    CHECK(same(open_backlog(0, 0, {100, kMuch}), old));
    confirm(0, 0);
    reopen();
    CHECK(same(open_backlog(0, 0, {100, kMuch}), old));
    confirm_backlog();
    CHECK(delivered() == 19);
    CHECK(open_backlog(0, 0).first_sequence == 16);
    confirm_backlog();
    reopen();
    CHECK(backlog() == 0);
    CHECK(open_batch(0, 0).first_sequence == 25);
    check_ledger();
}

TEST_CASE_METHOD(LanesFixture, "an open batch is settled before its lane is parted", "[buffer]") {
    open();
    REQUIRE(store(0, some_readings(10)));
    const Batch before = open_batch(0, 0, {4, kMuch});
    const auto early = run(batch_queue(0, 0).set_aside(batch_queue(0, 0).newest()));
    REQUIRE(early);
    CHECK_FALSE(*early);
    reopen();
    CHECK(same(open_batch(0, 0, {10, kMuch}), before));
    confirm(0, 0);
    set_aside();
    CHECK(backlog() == 6);
    CHECK(live() == 0);
}

TEST_CASE_METHOD(LanesFixture, "outages one after another make one backlog in order", "[buffer]") {
    part();
    open_batch(0, 0, {4, kMuch});
    confirm(0, 0);  // 21 to 24 are done, between two parts of the backlog
    set_aside();
    REQUIRE(store(0, some_readings(5, 30)));
    CHECK(backlog() == 26);
    reopen();
    CHECK(backlog() == 26);
    CHECK(open_backlog(0, 0).last_sequence == 20);
    confirm_backlog();
    const Batch second = open_backlog(0, 0);
    CHECK(second.first_sequence == 25);
    CHECK(second.last_sequence == 30);
    confirm_backlog();
    CHECK(open_batch(0, 0).first_sequence == 31);
    confirm(0, 0);
    CHECK(delivered() == 35);
    check_ledger();
}

TEST_CASE_METHOD(LanesFixture, "the parts of a backlog are bounded", "[buffer]") {
    open();
    for (std::size_t i = 0; i < QueueState::kBacklogRangesMax + 2; ++i) {
        REQUIRE(store(0, some_readings(1)));
        set_aside();
        set_aside();  // nothing is there to set aside
    }
    CHECK(backlog() == QueueState::kBacklogRangesMax);
    CHECK(live() == 2);
    check_ledger();
}

TEST_CASE_METHOD(
    LanesFixture, "eviction takes the backlog first, and counts each once", "[buffer]"
) {
    settings.datasets[0].retention = std::chrono::hours{24};
    open();
    REQUIRE(store(0, some_readings(10)));
    clock.advance(std::chrono::hours{10});
    REQUIRE(store(0, some_readings(10, 10)));
    set_aside();
    REQUIRE(store(0, some_readings(10, 20)));
    open_backlog(0, 0, {4, kMuch});
    confirm_backlog();
    open_batch(0, 0, {7, kMuch});
    confirm(0, 0);
    clock.advance(std::chrono::hours{15});
    reopen();
    CHECK(backlog() == 10);
    CHECK(live() == 3);
    CHECK(outbox().ledger().uplinks.at("city").evicted_total() == 6);
    check_ledger();
    clock.advance(std::chrono::hours{15});
    reopen();
    CHECK(backlog() == 0);
    CHECK(live() == 0);
    CHECK(outbox().ledger().uplinks.at("city").evicted_total() == 19);
    CHECK(delivered() == 11);
    check_ledger();
}

TEST_CASE_METHOD(LanesFixture, "a reading of the backlog can be a dead letter", "[buffer]") {
    part();
    open_backlog(0, 0, {1, kMuch});
    REQUIRE(run(queue(0, 0, Lane::backlog).bury("HTTP 422")));
    CHECK(outbox().ledger().uplinks.at("city").dead == 1);
    CHECK(backlog() == 19);
    CHECK(open_backlog(0, 0, {3, kMuch}).first_sequence == 2);
    REQUIRE(run(queue(0, 0, Lane::backlog).reopen()));
    CHECK(open_backlog(0, 0, {9, kMuch}).last_sequence == 10);
    check_ledger();
}

TEST_CASE_METHOD(LanesFixture, "what came since a sequence stays in the live lane", "[buffer]") {
    open();
    REQUIRE(store(0, some_readings(10)));
    const std::uint64_t asked_with = batch_queue(0, 0).newest();
    REQUIRE(store(0, some_readings(5, 10)));
    REQUIRE(store(0, some_readings(5, 15)));
    const auto aside = run(batch_queue(0, 0).set_aside(asked_with));
    REQUIRE((aside && *aside));
    CHECK(backlog() == 10);
    CHECK(live() == 10);
    reopen();
    CHECK(backlog() == 10);
    CHECK(live() == 10);
    CHECK(open_batch(0, 0, {100, kMuch}).first_sequence == 11);
    CHECK(open_backlog(0, 0, {100, kMuch}).last_sequence == 10);
    confirm(0, 0);
    confirm_backlog();
    CHECK(delivered() == 20);
    check_ledger();

    // Nothing is older than what the recipient was asked with: there is nothing to part.
    REQUIRE(store(0, some_readings(5, 20)));
    REQUIRE(run(batch_queue(0, 0).set_aside(asked_with)));
    CHECK(backlog() == 0);
    CHECK(live() == 5);
}
