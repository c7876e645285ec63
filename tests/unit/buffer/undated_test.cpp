// Readings that are stored before anybody knows the date, on the way to their recipients.
#include "gateway/buffer/schema.hpp"
#include "gateway/forward/json_batch.hpp"
#include "outbox_fixture.hpp"

#include <sqlite3.h>

using namespace tests::buffer;
using namespace std::chrono_literals;
using Knowledge = BootDate::Knowledge;
using model::TimeQuality;

namespace {

// A box that has just booted, and does not know when.
struct UndatedFixture : OutboxFixture {
    UndatedFixture() {
        clock.distrust();
        boot = BootDate{"boot-1", kStart - 3h, Knowledge::awaited};
    }

    // Readings as the pipeline makes them of arrivals in this moment.
    tests::support::PublicReadings arrivals(std::size_t count) {
        tests::support::PublicReadings readings;
        for (std::size_t i = 0; i < count; ++i) {
            tests::support::PublicFields fields;
            fields.device = "device";
            fields.quantity = &kVolume;
            fields.value = model::Decimal{static_cast<std::int64_t>(i), 0};
            fields.observed_at = clock.stamp();
            fields.time_quality =
                clock.is_trusted() ? TimeQuality::gateway : TimeQuality::uncertain;
            readings.add(fields);
        }
        return readings;
    }
    void date(Knowledge knowledge, model::Instant began) {
        REQUIRE(run(outbox().date_boot({boot->boot_id, began, knowledge})));
        boot->began = began;
        boot->knowledge = knowledge;
    }
    // The clock is set: this boot began at `began`.
    void set_clock(model::Instant began) {
        clock.set(began + clock.since_boot());
        clock.trust();
        date(Knowledge::known, began);
    }
    void reboot(const char* id, model::Instant guess) {
        close();
        clock.distrust();
        boot = BootDate{id, guess, Knowledge::awaited};
        open();
    }
    // An answer of the database itself, which a store that is open does not share.
    std::int64_t ask(const char* sql);
    bool held(std::size_t uplink = 0, std::size_t dataset = 0) {
        return queue(uplink, dataset).waiting().held;
    }
};

std::int64_t UndatedFixture::ask(const char* sql) {
    close();
    sqlite3* database = nullptr;
    sqlite3_stmt* statement = nullptr;
    REQUIRE(sqlite3_open(settings.buffer.path.c_str(), &database) == SQLITE_OK);
    REQUIRE(sqlite3_prepare_v2(database, sql, -1, &statement, nullptr) == SQLITE_OK);
    REQUIRE(sqlite3_step(statement) == SQLITE_ROW);
    const auto answer = sqlite3_column_int64(statement, 0);
    sqlite3_finalize(statement);
    sqlite3_close(database);
    open();
    return answer;
}

void execute(const std::string& path, const std::string& sql) {
    sqlite3* database = nullptr;
    REQUIRE(sqlite3_open(path.c_str(), &database) == SQLITE_OK);
    CHECK(sqlite3_exec(database, sql.c_str(), nullptr, nullptr, nullptr) == SQLITE_OK);
    sqlite3_close(database);
}

}  // namespace

TEST_CASE_METHOD(UndatedFixture, "readings wait for their date and get it", "[buffer][clock]") {
    open();
    REQUIRE(store(0, arrivals(3)));
    CHECK_FALSE(has_batch(0, 0));
    CHECK(held());
    CHECK(waiting(0, 0) == 3);
    clock.advance(2h);
    REQUIRE(store(0, arrivals(1)));
    CHECK_FALSE(has_batch(0, 0));
    const auto before = batch_queue(0, 0).changes();
    set_clock(kStart);
    CHECK(batch_queue(0, 0).changes() > before);  // whoever waits is woken
    CHECK_FALSE(held());
    const Batch batch = open_batch(0, 0);
    REQUIRE(batch.readings.size() == 4);
    CHECK(batch.readings[0].observed_at == kStart + 1min);
    CHECK(batch.readings[3].observed_at == kStart + 2h + 1min);
    for (const auto& reading : batch.readings)
        CHECK(reading.time_quality == TimeQuality::corrected);
    CHECK(outbox().figures().corrected == 4);
    confirm(0, 0);
    check_ledger();
    REQUIRE(store(0, arrivals(1)));
    CHECK(open_batch(0, 0).readings[0].time_quality == TimeQuality::gateway);
}

TEST_CASE_METHOD(
    UndatedFixture, "readings with a time of their own go on, up to one without", "[buffer][clock]"
) {
    settings.datasets = {dataset("water"), dataset("air")};
    open();
    REQUIRE(store(0, some_readings(5)));
    REQUIRE(store(0, arrivals(2)));
    REQUIRE(store(1, some_readings(4)));
    CHECK(open_batch(0, 1).readings.size() == 4);
    CHECK(open_batch(0, 0).readings.size() == 5);
    confirm(0, 0);
    CHECK_FALSE(has_batch(0, 0));
    CHECK(held(0, 0));
    CHECK_FALSE(held(0, 1));
    set_clock(kStart);
    CHECK(open_batch(0, 0).readings.size() == 2);
    check_ledger();
}

TEST_CASE_METHOD(
    UndatedFixture, "a batch that did not wait keeps its dates for ever", "[buffer][clock]"
) {
    settings.uplinks = {uplink("city"), uplink("operator")};
    open();
    REQUIRE(store(0, arrivals(10)));
    date(Knowledge::guessed, kStart - 3h);
    const Batch sent = open_batch(0, 0, {4, 1U << 20});
    const std::string bytes = forward::encode_json(sent, "box", "id");
    CHECK(sent.readings[0].time_quality == TimeQuality::uncertain);
    CHECK(sent.readings[0].observed_at == kStart - 3h + 1min);
    set_clock(kStart);
    CHECK(same(open_batch(0, 0), sent));
    reopen();
    CHECK(forward::encode_json(open_batch(0, 0), "box", "id") == bytes);
    reboot("boot-2", kStart + 24h);
    CHECK(forward::encode_json(open_batch(0, 0), "box", "id") == bytes);
    confirm(0, 0);
    const Batch rest = open_batch(0, 0);
    REQUIRE(rest.readings.size() == 6);
    CHECK(rest.readings[0].time_quality == TimeQuality::corrected);
    CHECK(rest.readings[0].observed_at == kStart + 1min);
    const Batch other = open_batch(1, 0);  // every recipient gets the same dates
    REQUIRE(other.readings.size() == 10);
    for (std::size_t i = 0; i < 10; ++i) {
        const auto& same_reading = i < 4 ? sent.readings[i] : rest.readings[i - 4];
        CHECK(other.readings[i].observed_at == same_reading.observed_at);
        CHECK(other.readings[i].time_quality == same_reading.time_quality);
    }
    check_ledger();
}

TEST_CASE_METHOD(UndatedFixture, "each dated reading is counted once", "[buffer][clock]") {
    settings.uplinks = {uplink("city"), uplink("operator")};
    open();
    REQUIRE(store(0, arrivals(10)));
    date(Knowledge::guessed, kStart - 3h);
    open_batch(0, 0, {4, 1U << 20});
    REQUIRE(run(queue(0, 0).reopen()));
    open_batch(0, 0, {2, 1U << 20});
    open_batch(1, 0, {3, 1U << 20});
    set_clock(kStart);
    confirm(1, 0);
    open_batch(1, 0);
    CHECK(outbox().figures().uncertain == 4);
    CHECK(outbox().figures().corrected == 6);
}

TEST_CASE_METHOD(
    UndatedFixture,
    "readings of an earlier boot that was never dated are uncertain",
    "[buffer][clock]"
) {
    open();
    REQUIRE(store(0, arrivals(2)));
    reboot("boot-2", kStart);
    const Batch batch = open_batch(0, 0);
    CHECK(batch.readings[0].time_quality == TimeQuality::uncertain);
    CHECK(batch.readings[0].observed_at == kStart - 3h + 1min);
    REQUIRE(store(0, arrivals(1)));
    confirm(0, 0);
    CHECK_FALSE(has_batch(0, 0));  // this boot may still be dated
    set_clock(kStart + 5h);
    CHECK(open_batch(0, 0).readings[0].time_quality == TimeQuality::corrected);
}

TEST_CASE_METHOD(
    UndatedFixture, "the date is known after a restart in the same boot as well", "[buffer][clock]"
) {
    open();
    REQUIRE(store(0, arrivals(2)));
    reopen();
    CHECK_FALSE(has_batch(0, 0));
    set_clock(kStart);
    reopen();
    CHECK(open_batch(0, 0).readings[0].time_quality == TimeQuality::corrected);
}

TEST_CASE_METHOD(UndatedFixture, "a date of coarse times stays on their grid", "[buffer][clock]") {
    settings.datasets[0].fields.emplace("time", settings::Coarsen{15min});
    open();
    tests::support::PublicReadings readings;
    for (const auto since_boot : {0min, 15min, 30min}) {
        tests::support::PublicFields fields;
        fields.quantity = &kVolume;
        fields.observed_at = model::Instant{since_boot};
        fields.time_quality = TimeQuality::uncertain;
        readings.add(fields);
    }
    REQUIRE(store(0, readings));
    set_clock(kStart + 7min + 29s);
    const Batch batch = open_batch(0, 0);
    CHECK(batch.readings[0].observed_at == kStart);
    CHECK(batch.readings[1].observed_at == kStart + 15min);
    CHECK(batch.readings[2].observed_at == kStart + 30min);
}

TEST_CASE_METHOD(
    UndatedFixture, "nothing is old by a clock that is not trusted", "[buffer][clock]"
) {
    settings.datasets[0].retention = 24h;
    clock.trust();
    boot->knowledge = Knowledge::known;
    open();
    REQUIRE(store(0, some_readings(5)));
    clock.advance(10 * 366 * 24h);
    reboot("boot-2", clock.now());
    CHECK(waiting(0, 0) == 5);
    clock.trust();  // the control: by a trusted clock they are
    reopen();
    CHECK(waiting(0, 0) == 0);
    check_ledger();
}

TEST_CASE_METHOD(
    UndatedFixture,
    "what was stored before the date was known is not older for it",
    "[buffer][clock]"
) {
    settings.datasets[0].retention = 24h;
    open();
    REQUIRE(store(0, arrivals(5)));
    REQUIRE(store(0, some_readings(5)));  // with a time of the device
    set_clock(kStart + 60 * 24h);         // the box was off for two months
    reopen();
    CHECK(waiting(0, 0) == 10);
    clock.advance(25h);
    reopen();
    CHECK(waiting(0, 0) == 0);
    check_ledger();
}

TEST_CASE_METHOD(
    UndatedFixture, "retention reaches what an undated boot stored", "[buffer][clock]"
) {
    settings.datasets[0].retention = 24h;
    open();
    REQUIRE(store(0, arrivals(5)));
    reboot("boot-2", kStart);
    set_clock(kStart + 60 * 24h);
    reopen();
    CHECK(waiting(0, 0) == 5);  // it may have been a moment ago
    clock.advance(25h);
    reopen();
    CHECK(waiting(0, 0) == 0);
}

TEST_CASE_METHOD(UndatedFixture, "a dead letter is dated like a reading", "[buffer][clock]") {
    settings.datasets[0].retention = 24h;
    open();
    REQUIRE(store(0, arrivals(1)));
    date(Knowledge::guessed, kStart - 3h);
    open_batch(0, 0);
    REQUIRE(run(queue(0, 0).bury("why not")));
    constexpr const char* kLetters = "SELECT count(*) FROM dead_letter";
    set_clock(kStart + 60 * 24h);
    reopen();
    CHECK(ask(kLetters) == 1);
    CHECK(
        ask("SELECT observed_at FROM dead_letter") ==
        (kStart - 3h + 1min).time_since_epoch().count()
    );
    clock.advance(25h);
    reopen();
    CHECK(ask(kLetters) == 0);
}

TEST_CASE_METHOD(
    UndatedFixture, "boots of which nothing is left are forgotten", "[buffer][clock]"
) {
    open();
    for (const char* id : {"boot-2", "boot-3", "boot-4"}) {
        REQUIRE(store(0, arrivals(1)));
        reboot(id, kStart);
    }
    constexpr const char* kBoots = "SELECT count(*) FROM boot";
    CHECK(ask(kBoots) == 4);
    while (has_batch(0, 0)) confirm(0, 0);
    reopen();
    CHECK(ask(kBoots) == 1);
}

TEST_CASE_METHOD(
    UndatedFixture, "the age of what waits does not change with the date", "[buffer][clock]"
) {
    open();
    REQUIRE(store(0, arrivals(1)));
    clock.advance(10s);
    CHECK(clock.age(*queue(0, 0).waiting().oldest_stored_at) == 10s);
    set_clock(kStart + 60 * 24h);
    CHECK(clock.age(*queue(0, 0).waiting().oldest_stored_at) == 10s);
    reopen();
    CHECK(clock.age(*queue(0, 0).waiting().oldest_stored_at) == 10s);
}

TEST_CASE_METHOD(
    UndatedFixture, "a store from before there were boots is taken", "[buffer][clock]"
) {
    open();
    REQUIRE(store(0, some_readings(3)));
    close();
    execute(
        settings.buffer.path,
        "DROP TABLE boot; DROP TABLE backlog; DROP TABLE gap; PRAGMA user_version=2"
    );
    open();
    REQUIRE(store(0, arrivals(2)));
    CHECK(open_batch(0, 0).readings.size() == 3);
    confirm(0, 0);
    set_clock(kStart);
    CHECK(open_batch(0, 0).readings[0].time_quality == TimeQuality::corrected);
    check_ledger();
}
