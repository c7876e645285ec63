// A person's readings leave the store, and everything else stays.
#include "gateway/buffer/person_filter.hpp"
#include "gateway/buffer/sqlite_connection.hpp"
#include "gateway/buffer/sqlite_store.hpp"
#include "outbox_fixture.hpp"

#include <filesystem>
#include <fstream>
#include <iterator>

using namespace tests::buffer;
using std::chrono::hours;

namespace {

constexpr std::uint32_t kMuch = 1U << 20;
constexpr auto kErased = static_cast<std::size_t>(Eviction::erased);
const std::string kPerson = "aaaaabbbbbcccccdddddeeeee2";
const std::string kOther = "zzzzzyyyyyxxxxxwwwwwvvvvv3";
const std::string kPhone = "phonephonephonephonephone4";

// Every third reading is the person's, by the device; every seventh by the telephone.
tests::support::PublicReadings readings_of_both(std::size_t count) {
    tests::support::PublicReadings readings;
    for (std::size_t i = 0; i < count; ++i) {
        const std::string attributes =
            i % 7 == 0 ? R"({"phone":")" + kPhone + R"("})" : R"({"phone":"another"})";
        readings.add(
            {.device = i % 3 == 0 ? kPerson : kOther,
             .quantity = &kVolume,
             .value = {static_cast<std::int64_t>(i), 0},
             .observed_at = kStart + std::chrono::seconds{i},
             .attributes = attributes}
        );
    }
    return readings;
}

class ErasureFixture : public OutboxFixture {
  public:
    Erased erase(std::vector<Trait> traits = {{"", kPerson}}, std::size_t dataset = 0) {
        Erased erased;
        auto ask = [&](Store& store, std::uint64_t device_base) -> model::Result<void> {
            ErasureOrder order{
                {{settings.datasets[dataset].name, traits}}, device_base, clock.now()};
            auto done = store.erase(order);
            if (!done) return done.error();
            erased = *done;
            return {};
        };
        REQUIRE(run(outbox().run(ask)));
        return erased;
    }

    std::vector<std::uint64_t> found(std::vector<Trait> traits = {{"", kPerson}}) {
        std::vector<std::uint64_t> sequences;
        auto ask = [&](Store& store, std::uint64_t device_base) {
            const PersonQuery query{settings.datasets[0].name, traits, device_base, 0};
            return store.find_readings(query, [&](const PersonRow& row) {
                sequences.push_back(row.sequence);
                return true;
            });
        };
        REQUIRE(run(outbox().run(ask)));
        return sequences;
    }

    // As if the power had gone when an order had just been written.
    void leave_order(const std::string& attribute, const std::string& text, std::uint64_t base) {
        auto connection = SqliteConnection::open(settings.buffer.path, {});
        REQUIRE(connection);
        std::string order = "INSERT INTO erasing (dataset, attribute, text, device_base) VALUES ('";
        order.append(settings.datasets[0].name).append("', '").append(attribute).append("', '");
        order.append(text).append("', ").append(std::to_string(base)).append(")");
        REQUIRE(connection->execute(order.c_str()));
    }

    // Whether the text stands in any file of the store.
    bool stands_in_files(const std::string& text) const {
        for (const auto& entry : std::filesystem::recursive_directory_iterator(directory.path())) {
            if (!entry.is_regular_file()) continue;
            std::ifstream file(entry.path(), std::ios::binary);
            const std::string content{std::istreambuf_iterator<char>(file), {}};
            if (content.find(text) != std::string::npos) return true;
        }
        return false;
    }

    std::vector<std::string> deliver_all() {
        std::vector<std::string> devices;
        while (has_batch(0, 0)) {
            const Batch batch = open_batch(0, 0);
            for (const auto& reading : batch.readings)
                devices.push_back(batch.devices[reading.device]);
            confirm(0, 0);
        }
        return devices;
    }
};

}  // namespace

TEST_CASE_METHOD(ErasureFixture, "what is erased is nowhere, others' readings stay", "[erasure]") {
    open();
    REQUIRE(store(0, readings_of_both(30)));
    REQUIRE(found().size() == 10);
    REQUIRE(stands_in_files(kPerson));
    const Erased erased = erase();
    CHECK(erased.state == Erased::State::done);
    CHECK(erased.readings == 10);
    CHECK(erased.undelivered == 10);
    CHECK(erased.told.at("city") == 1);
    CHECK(found().empty());
    check_ledger();
    CHECK(outbox().ledger().evicted[kErased] == 10);
    CHECK(outbox().erasures_waiting(UplinkId{0}) == 1);
    const Batch batch = open_batch(0, 0);
    CHECK(batch.readings.size() == 20);
    CHECK(batch.readings.front().sequence == 2);  // sequences stay
    CHECK(batch.readings.back().sequence == 30);
    REQUIRE(batch.gaps.size() == 1);
    CHECK(batch.gaps[0].cause == Eviction::erased);
    CHECK(batch.gaps[0].count == 10);
    CHECK(batch.gaps[0].first_sequence == 1);
    CHECK(batch.gaps[0].last_sequence == 28);
    CHECK(batch.erasures == std::vector{Erasure{kPerson, "", "", 30}});
    CHECK(stands_in_files(kPerson));  // the recipient has to be told
    confirm(0, 0);
    CHECK_FALSE(stands_in_files(kPerson));
    CHECK(outbox().erasures_waiting(UplinkId{0}) == 0);
    CHECK_FALSE(has_batch(0, 0));
    check_ledger();
    reopen();
    CHECK(found().empty());
    check_ledger();
}

TEST_CASE_METHOD(ErasureFixture, "a person is told by an attribute as well", "[erasure]") {
    open();
    REQUIRE(store(0, readings_of_both(30)));
    const std::vector<Trait> by_phone{{"phone", '"' + kPhone + '"'}};
    REQUIRE(found(by_phone) == std::vector<std::uint64_t>{1, 8, 15, 22, 29});
    CHECK(erase(by_phone).readings == 5);
    CHECK(found(by_phone).empty());
    CHECK(found().size() == 8);  // without 1 and 22
    const Batch batch = open_batch(0, 0);
    CHECK(batch.readings.size() == 25);
    CHECK(batch.erasures == std::vector{Erasure{"", "phone", '"' + kPhone + '"', 30}});
    confirm(0, 0);
    check_ledger();
    CHECK_FALSE(stands_in_files(kPhone));
}

TEST_CASE_METHOD(ErasureFixture, "an open batch that has erased readings is not sent again") {
    open();
    REQUIRE(store(0, readings_of_both(30)));
    const Batch first = open_batch(0, 0, {10, kMuch});
    CHECK_FALSE(queue(0, 0).taken_back());
    REQUIRE(erase().state == Erased::State::done);
    CHECK(queue(0, 0).taken_back());
    SECTION("it is opened anew, without them") {
        const Batch next = open_batch(0, 0, {10, kMuch});
        CHECK_FALSE(queue(0, 0).taken_back());
        CHECK(next.readings.size() == 10);
        CHECK(next.last_sequence != first.last_sequence);
        confirm(0, 0);
        CHECK(deliver_all().size() == 10);
    }
    SECTION("what was under way may be confirmed") {
        confirm(0, 0);
        CHECK(outbox().ledger().uplinks.at("city").delivered == 6);
        CHECK(open_batch(0, 0).erasures.size() == 1);
        confirm(0, 0);
    }
    SECTION("after a restart it is opened anew") {
        reopen();
        const Batch next = open_batch(0, 0, {10, kMuch});
        CHECK(next.readings.size() == 10);
        CHECK(next.devices == std::vector{kOther});
    }
    check_ledger();
}

TEST_CASE_METHOD(ErasureFixture, "an open batch without erased readings stays as it is") {
    open();
    REQUIRE(store(0, readings_of_both(30)));
    open_batch(0, 0, {1, kMuch});
    confirm(0, 0);
    const Batch batch = open_batch(0, 0, {2, kMuch});  // 4 would be the person's next
    CHECK(erase().undelivered == 9);
    CHECK_FALSE(queue(0, 0).taken_back());
    reopen();
    CHECK(same(open_batch(0, 0), batch));
    CHECK(open_batch(0, 0).erasures.empty());
    confirm(0, 0);
    CHECK(open_batch(0, 0).erasures.size() == 1);
    check_ledger();
}

TEST_CASE_METHOD(ErasureFixture, "erased readings that were delivered are no gap", "[erasure]") {
    settings.uplinks = {uplink("city"), uplink("operator")};
    open();
    REQUIRE(store(0, readings_of_both(30)));
    open_batch(0, 0);
    confirm(0, 0);
    const Erased erased = erase();
    CHECK(erased.readings == 10);
    CHECK(erased.undelivered == 10);  // to the operator
    CHECK(outbox().ledger().uplinks.at("city").evicted[kErased] == 0);
    CHECK(outbox().ledger().uplinks.at("operator").evicted[kErased] == 10);
    const Batch told = open_batch(0, 0);
    CHECK(told.readings.empty());
    CHECK(told.gaps.empty());
    CHECK(told.first_sequence == 30);
    CHECK(told.last_sequence == 30);
    REQUIRE(told.erasures.size() == 1);
    // It stays as it is, whatever comes meanwhile and across a restart.
    REQUIRE(store(0, readings_of_both(3)));
    reopen();
    CHECK(open_batch(0, 0).erasures == told.erasures);
    CHECK(open_batch(0, 0).readings.empty());
    confirm(0, 0);
    const Batch next = open_batch(0, 0);
    CHECK(next.erasures.empty());
    CHECK(next.readings.size() == 3);
    confirm(0, 0);
    check_ledger();
}

TEST_CASE_METHOD(ErasureFixture, "a recipient may refuse to be told", "[erasure]") {
    open();
    REQUIRE(store(0, readings_of_both(3)));
    open_batch(0, 0);
    confirm(0, 0);
    erase();
    REQUIRE(open_batch(0, 0).readings.empty());
    REQUIRE(run(queue(0, 0).bury("HTTP 400")));
    CHECK_FALSE(stands_in_files(kPerson));
    CHECK(outbox().erasures_waiting(UplinkId{0}) == 0);
    CHECK_FALSE(has_batch(0, 0));
    check_ledger();
}

TEST_CASE_METHOD(ErasureFixture, "what comes after the order is not meant by it", "[erasure]") {
    open();
    REQUIRE(store(0, readings_of_both(30)));
    // These are in the group that fills when the order is given.
    REQUIRE(outbox().append(DatasetId{0}, readings_of_both(3).all()));
    const Erased erased = erase();
    CHECK(erased.readings == 11);
    REQUIRE(store(0, readings_of_both(30)));
    reopen();
    REQUIRE(store(0, readings_of_both(3)));
    CHECK(found().size() == 11);
    const auto devices = deliver_all();
    CHECK(devices.size() == 20 + 2 + 30 + 3);
    check_ledger();
}

TEST_CASE_METHOD(ErasureFixture, "the backlog and dead letters are erased, too", "[erasure]") {
    open();
    REQUIRE(store(0, readings_of_both(30)));
    open_batch(0, 0, {1, kMuch});
    REQUIRE(run(queue(0, 0).bury("HTTP 422")));
    REQUIRE(run(batch_queue(0, 0).set_aside(batch_queue(0, 0).newest())));
    REQUIRE(store(0, readings_of_both(30)));
    const Erased erased = erase();
    CHECK(erased.dead_letters == 1);
    CHECK(erased.readings == 20);
    CHECK(erased.undelivered == 19);
    check_ledger();
    CHECK(open_backlog(0, 0).readings.size() == 20);
    REQUIRE(run(queue(0, 0, Lane::backlog).confirm()));
    CHECK(open_batch(0, 0).readings.size() == 20);
    confirm(0, 0);
    deliver_all();
    CHECK_FALSE(stands_in_files(kPerson));
    check_ledger();
}

TEST_CASE_METHOD(ErasureFixture, "a device's text stays while another dataset needs it") {
    settings.datasets = {dataset("water"), dataset("power")};
    open();
    REQUIRE(store(0, readings_of_both(6)));
    REQUIRE(store(1, readings_of_both(6)));
    CHECK(erase().readings == 2);
    const Batch batch = open_batch(0, 1);
    CHECK(batch.readings.size() == 6);
    CHECK(batch.erasures.empty());
    CHECK(erase({{"", kPerson}}, 1).readings == 2);
    deliver_all();
    while (has_batch(0, 1)) confirm(0, 1);
    CHECK_FALSE(stands_in_files(kPerson));
    check_ledger();
}

TEST_CASE_METHOD(ErasureFixture, "copies of damaged stores go with what is erased", "[erasure]") {
    open();
    const std::string copy = settings.buffer.path + ".damaged-20260101T000000000Z";
    std::ofstream(copy) << kPerson;
    REQUIRE(stands_in_files(kPerson));
    const std::string log_alone = settings.buffer.path + ".damaged-20260102T000000000Z-wal";
    std::ofstream(log_alone) << kPerson;
    erase();
    CHECK_FALSE(std::filesystem::exists(copy));
    CHECK_FALSE(std::filesystem::exists(log_alone));
}

TEST_CASE_METHOD(ErasureFixture, "an erasure waits for a copy that cannot be removed") {
    const std::string copy = settings.buffer.path + ".damaged-20260101T000000000Z";
    std::filesystem::create_directories(copy + "/stays");  // no file: whoever tries cannot
    open();
    REQUIRE(store(0, readings_of_both(30)));
    const Erased erased = erase();
    CHECK(erased.state == Erased::State::waits);
    CHECK(erased.readings == 10);
    CHECK(failures.empty());
    REQUIRE(store(0, readings_of_both(3)));
    reopen();
    REQUIRE(outbox().notices().size() == 1);
    CHECK(outbox().notices()[0].code == "erasure-waits");
    REQUIRE(store(0, readings_of_both(3)));
    CHECK(found().size() == 2);  // what came later is not meant
    std::filesystem::remove_all(copy);
    reopen();
    REQUIRE(outbox().notices().size() == 1);
    CHECK(outbox().notices()[0].code == "erasure-finished");
    CHECK(found().size() == 2);
    reopen();
    CHECK(outbox().notices().empty());
    check_ledger();
}

TEST_CASE_METHOD(ErasureFixture, "with too many erasures to be told nothing is erased") {
    open();
    REQUIRE(store(0, readings_of_both(6)));
    std::vector<Trait> traits;
    for (std::size_t i = 0; i < ErasureList::kErasuresMax; ++i)
        traits.push_back({"", kPerson + std::to_string(i)});
    REQUIRE(erase(traits).state == Erased::State::done);
    CHECK(erase().state == Erased::State::too_many_wait);
    CHECK(found().size() == 2);
    // A batch takes some.
    CHECK(open_batch(0, 0).erasures.size() == ErasureList::kErasuresOfBatchMax);
    confirm(0, 0);
    CHECK(erase().state == Erased::State::done);
    check_ledger();
}

TEST_CASE_METHOD(ErasureFixture, "a damaged store still tells what must be erased", "[erasure]") {
    open();
    REQUIRE(store(0, readings_of_both(30)));
    erase();
    const bool is_under_way = GENERATE(true, false);
    if (is_under_way) REQUIRE(open_batch(0, 0).erasures.size() == 1);
    close();
    {
        std::fstream file(settings.buffer.path, std::ios::in | std::ios::out | std::ios::binary);
        file.seekp(50);  // in the header
        file.put('x');
    }
    open();
    REQUIRE(outbox().notices().size() > 1);
    CHECK(outbox().notices()[1].code == "store-salvaged");
    CHECK(found().empty());
    CHECK(open_batch(0, 0).erasures == std::vector{Erasure{kPerson, "", "", 30}});
    CHECK(open_batch(0, 0).readings.size() == 20);
    check_ledger();
}

TEST_CASE_METHOD(ErasureFixture, "an order that was interrupted is finished at the next start") {
    open();
    REQUIRE(store(0, readings_of_both(30)));
    close();
    leave_order("", kPerson, 100);
    open();
    REQUIRE(outbox().notices().size() == 1);
    CHECK(outbox().notices()[0].code == "erasure-finished");
    CHECK(outbox().notices()[0].detail == "10");
    CHECK(found().empty());
    CHECK(deliver_all().size() == 20);
    CHECK_FALSE(stands_in_files(kPerson));
    check_ledger();
}

TEST_CASE_METHOD(ErasureFixture, "of two orders that wait each has its own time") {
    open();
    REQUIRE(store(0, readings_of_both(30)));
    close();
    std::uint64_t next_device = 0;
    {
        auto connection = SqliteConnection::open(settings.buffer.path, {});
        REQUIRE(connection);
        next_device =
            static_cast<std::uint64_t>(*connection->integer("SELECT max(id) + 1 FROM device"));
    }
    open();
    REQUIRE(store(0, readings_of_both(30)));
    close();
    leave_order("phone", '"' + kPhone + '"', next_device + 50);
    leave_order("", kPerson, next_device);
    open();
    CHECK(found({{"phone", '"' + kPhone + '"'}}).empty());
    // Those that came after the first order, without the two of the second.
    CHECK(found().size() == 8);
    check_ledger();
    reopen();
    CHECK(outbox().notices().empty());
}

TEST_CASE_METHOD(ErasureFixture, "what is stored while an order waits is not meant by it") {
    const std::string copy = settings.buffer.path + ".damaged-20260101T000000000Z";
    std::filesystem::create_directories(copy + "/stays");
    open();
    REQUIRE(store(0, readings_of_both(30)));
    close();
    leave_order("", kPerson, 100);  // more devices than are there any more
    open();
    CHECK(found().empty());
    REQUIRE(store(0, readings_of_both(3)));
    close();
    std::filesystem::remove_all(copy);
    open();
    CHECK(found().size() == 1);
    check_ledger();
}

TEST_CASE("a member of stored attributes is found by its whole name and value", "[erasure]") {
    const std::string object =
        R"({"a":"x\",\"phone\":\"1","location":{"latitude":1,"longitude":2},"n":4711,"phone":"12"})";
    CHECK(has_member(object, "phone", R"("12")"));
    CHECK_FALSE(has_member(object, "phone", R"("1")"));
    CHECK_FALSE(has_member(object, "latitude", "1"));
    CHECK(has_member(object, "n", "4711"));
    CHECK_FALSE(has_member(object, "n", "471"));
    CHECK(has_member(object, "location", R"({"latitude":1,"longitude":2})"));
    CHECK_FALSE(has_member("{}", "n", "1"));
    CHECK_FALSE(has_member("", "n", "1"));
    CHECK_FALSE(has_member(R"({"n)", "n", "1"));
}
