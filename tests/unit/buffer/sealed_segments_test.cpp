// Segments are sealed with keys that are not in the database.
#include "gateway/anonymise/key_ring.hpp"
#include "gateway/buffer/error.hpp"
#include "gateway/buffer/sealed_body.hpp"
#include "gateway/buffer/segment_keys.hpp"
#include "gateway/buffer/sqlite_connection.hpp"
#include "gateway/buffer/sqlite_store.hpp"
#include "gateway/buffer/store_file.hpp"
#include "gateway/buffer/store_opening.hpp"
#include "outbox_fixture.hpp"

#include <cerrno>
#include <filesystem>
#include <fstream>
#include <span>

using namespace tests::buffer;
using tests::support::MemoryKeyRing;
using tests::support::PublicReadings;

namespace {

constexpr std::chrono::hours kDay{24};
constexpr auto kDamaged = static_cast<std::size_t>(Eviction::damaged);
const std::string kAttributes = R"({"zone":"0123456789abcdefghijklmnopqrstuvwxyz"})";

anonymise::Key key_of_byte(unsigned char byte) {
    anonymise::Key key;
    for (unsigned char& each : key.bytes()) each = byte;
    return key;
}

Bytes bytes_of(std::string_view text) {
    Bytes bytes;
    for (const char character : text) bytes.push_back(static_cast<std::byte>(character));
    return bytes;
}

class SealedFixture : public OutboxFixture {
  public:
    SealedFixture() {
        settings.datasets = {dataset("water"), dataset("air")};
        settings.uplinks = {uplink("city")};
        keys.now = kStart;
    }

    // One reading with attributes that stand in its segment as they are.
    PublicReadings telling() {
        PublicReadings readings;
        readings.add(
            {.device = "device",
             .quantity = &kVolume,
             .value = {1, 0},
             .observed_at = clock.now(),
             .attributes = kAttributes}
        );
        return readings;
    }

    bool stands_in_files(const std::string& text) const {
        for (const char* file : {"store/buffer.db", "store/buffer.db-wal"}) {
            const std::string content = tests::support::read_file(directory.file(file));
            if (content.find(text) != std::string::npos) return true;
        }
        return false;
    }

    // As after ten minutes, with nothing else to do.
    void maintain() {
        REQUIRE(run(outbox().run([&](Store& store, std::uint64_t device_base) {
            return store.maintain(clock.stamp(), device_base);
        })));
    }

    void deliver_all(std::size_t dataset) {
        while (waiting(0, dataset) > 0) {
            open_batch(0, dataset);
            confirm(0, dataset);
        }
    }

    // Changes the closed database.
    void execute(const char* statement) {
        auto connection = SqliteConnection::open(settings.buffer.path, {});
        REQUIRE(connection);
        REQUIRE(connection->execute(statement));
    }

    // Of the closed store.
    void damage() const {
        std::fstream file(settings.buffer.path, std::ios::in | std::ios::out | std::ios::binary);
        file.seekp(100);
        file.put('x');
    }

    std::uint64_t count_damaged() { return outbox().ledger().evicted[kDamaged]; }
};

}  // namespace

TEST_CASE("a body opens with its key, in its row and whole", "[buffer][sealed]") {
    const auto key = key_of_byte(1);
    const Bytes body = bytes_of("what was measured");
    Bytes sealed;
    seal_body(key, {77, {5, 9}}, body, sealed);
    CHECK(sealed.size() == body.size() + SealedBody::kOverheadBytes);
    CHECK(key_of(sealed) == SegmentKey{5, 9});
    CHECK(key_of(body).is_none());
    Bytes opened;
    REQUIRE(open_body(key, 77, sealed, opened));
    CHECK(opened == body);
    CHECK_FALSE(open_body(key_of_byte(2), 77, sealed, opened));
    CHECK_FALSE(open_body(key, 78, sealed, opened));
    for (std::size_t i = 0; i < sealed.size(); ++i) {
        Bytes changed = sealed;
        changed[i] ^= std::byte{1};
        CHECK_FALSE(open_body(key, 77, changed, opened));
        const auto shorter = std::span(sealed).first(i);
        CHECK_FALSE(open_body(key, 77, shorter, opened));
    }
    Bytes again;
    seal_body(key, {77, {5, 9}}, body, again);
    CHECK(again != sealed);  // another nonce
}

TEST_CASE_METHOD(SealedFixture, "a copy of the database tells no reading", "[buffer][sealed]") {
    open();
    REQUIRE(store(0, telling()));
    CHECK_FALSE(stands_in_files(kAttributes));
    reopen();
    CHECK_FALSE(stands_in_files(kAttributes));
    CHECK(open_batch(0, 0).attributes.at(1) == kAttributes);
}

TEST_CASE_METHOD(SealedFixture, "without keys segments are as they were", "[buffer][sealed]") {
    REQUIRE(prepare_store_file(settings.buffer.path));
    auto opened = SqliteStore::open(settings, clock.now());
    REQUIRE(opened);
    open_over(std::move(*opened));
    REQUIRE(store(0, telling()));
    CHECK(stands_in_files(kAttributes));
    close();
    open();  // from here on with keys
    REQUIRE(store(0, telling()));
    const auto batch = open_batch(0, 0);
    CHECK(batch.readings.size() == 2);
    CHECK(keys.size() == 1);
}

TEST_CASE_METHOD(SealedFixture, "each dataset has a key a day", "[buffer][sealed]") {
    open();
    REQUIRE(store(0, telling()));
    REQUIRE(store(0, telling()));
    CHECK(keys.made == 1);
    REQUIRE(store(1, telling()));
    CHECK(keys.made == 2);
    reopen();
    REQUIRE(store(0, telling()));
    CHECK(keys.made == 2);  // the one that is used today
    clock.advance(kDay);
    REQUIRE(store(0, telling()));
    CHECK(keys.made == 3);
    reopen();
    REQUIRE(store(0, telling()));
    CHECK(keys.made == 3);
    CHECK(open_batch(0, 0).readings.size() == 5);
}

TEST_CASE_METHOD(
    SealedFixture, "the key of a day goes when its readings have", "[buffer][sealed]"
) {
    open();
    REQUIRE(store(0, telling()));
    REQUIRE(store(1, telling()));
    const MemoryKeyRing first_day = keys;
    clock.advance(kDay);
    REQUIRE(store(0, telling()));
    maintain();
    CHECK(keys.size() == 3);  // nothing is delivered yet
    deliver_all(1);
    maintain();
    CHECK(keys.size() == 2);  // that of the air's first day
    const auto batch = open_batch(0, 0, {1, 1U << 20});
    CHECK(batch.readings.size() == 1);
    confirm(0, 0);
    maintain();
    CHECK(keys.size() == 1);
    deliver_all(0);
    maintain();
    CHECK(keys.size() == 1);  // today's is used again
    reopen();
    CHECK(keys.size() == 0);
}

TEST_CASE_METHOD(SealedFixture, "a dataset that is no more leaves no key", "[buffer][sealed]") {
    open();
    REQUIRE(store(1, telling()));
    close();
    settings.datasets.pop_back();
    open();
    CHECK(keys.size() == 1);  // what waits of it is still delivered
    const auto queues = outbox().queues(UplinkId{0});
    REQUIRE(queues.size() == 2);
    auto& lane = queues[1]->lane(Lane::live);
    const auto batch = run(lane.open({}));
    REQUIRE((batch && *batch));
    REQUIRE(run(lane.confirm()));
    reopen();
    CHECK(keys.size() == 0);
}

TEST_CASE_METHOD(SealedFixture, "another store's keys are left alone", "[buffer][sealed]") {
    open();
    REQUIRE(store(0, telling()));
    close();
    const std::string first = settings.buffer.path;
    settings.buffer.path = directory.file("other/buffer.db");
    open();
    REQUIRE(store(0, telling()));
    clock.advance(kDay);
    deliver_all(0);
    maintain();
    CHECK(keys.size() == 1);
    close();
    settings.buffer.path = first;
    open();
    CHECK(open_batch(0, 0).readings.size() == 1);
}

TEST_CASE_METHOD(SealedFixture, "readings whose key is lost are counted", "[buffer][sealed]") {
    open();
    REQUIRE(store(0, telling()));
    clock.advance(kDay);
    REQUIRE(store(0, some_readings(3)));
    close();
    const std::string first = keys.names("").value().front();
    const bool by_the_disk = GENERATE(false, true);
    if (by_the_disk) {
        keys.unreadable = {first, make_error_code(boost::system::errc::io_error)};
    } else {
        keys.lose(first);
    }
    open();
    CHECK(open_batch(0, 0).readings.size() == 3);
    CHECK(count_damaged() == 1);
    check_ledger();
}

TEST_CASE_METHOD(SealedFixture, "a key that does not unwrap alone is lost", "[buffer][sealed]") {
    open();
    REQUIRE(store(0, telling()));
    REQUIRE(store(1, telling()));
    close();
    const std::string first = keys.names("").value().front();
    keys.unreadable = {first, {EKEYREJECTED, boost::system::system_category()}};
    open();
    CHECK(open_batch(0, 1).readings.size() == 1);
    CHECK(open_batch(0, 0).readings.empty());
    CHECK(count_damaged() == 1);
}

// The disk with the keys is not mounted: nothing is given up for that.
TEST_CASE_METHOD(
    SealedFixture, "without the place of the keys no store opens", "[buffer][sealed]"
) {
    open();
    REQUIRE(store(0, telling()));
    close();
    const bool is_damaged = GENERATE(false, true);
    if (is_damaged) damage();
    MemoryKeyRing elsewhere;
    elsewhere.there = false;
    const auto opened = open_store(settings, clock, {}, {}, &elsewhere);
    REQUIRE_FALSE(opened);
    CHECK(opened.error() == Errc::keys_missing);
    open();
    CHECK(open_batch(0, 0).readings.size() == 1);
    CHECK(count_damaged() == 0);
}

// A box that came back from a backup: recipients know what it sent before by its numbers.
TEST_CASE_METHOD(
    SealedFixture, "a new store beside keys of earlier readings repeats no number", "[buffer]"
) {
    open();
    REQUIRE(store(0, telling()));
    const Batch before = open_batch(0, 0);
    CHECK(before.first_sequence == 1);
    close();
    for (const auto& entry : std::filesystem::directory_iterator(directory.file("store")))
        std::filesystem::remove(entry.path());

    const bool is_another_box = GENERATE(false, true);
    if (is_another_box) keys = MemoryKeyRing{};
    std::vector<std::string_view> codes;
    const auto note = [&](const Notice& notice) { codes.push_back(notice.code); };
    REQUIRE(open_store(settings, clock, {}, note, &keys));
    CHECK(codes.empty() == is_another_box);
    open();
    REQUIRE(store(0, telling()));
    const Batch after = open_batch(0, 0);
    if (is_another_box) {
        CHECK(after.first_sequence == 1);
    } else {
        CHECK(codes.front() == "store-restored");
        CHECK(after.first_sequence > std::uint64_t{1} << 40);
    }
    CHECK(count_damaged() == 0);
    check_ledger();
}

TEST_CASE_METHOD(SealedFixture, "a segment opens in no other place", "[buffer][sealed]") {
    open();
    REQUIRE(store(0, telling()));
    close();
    execute(
        "UPDATE segment SET key = key + 1; UPDATE ledger SET count = 2 WHERE counter = 'sequence'"
    );
    open();
    const auto batch = open_batch(0, 0);
    CHECK(batch.readings.empty());
    CHECK(batch.gaps.size() == 1);
    CHECK(count_damaged() == 1);
}

// Keys that cannot be had for now, as with a wrong wrapping key, are no damage.
TEST_CASE_METHOD(SealedFixture, "keys that cannot be read stop the store", "[buffer][sealed]") {
    open();
    REQUIRE(store(0, telling()));
    close();
    keys.error = boost::system::error_code(EKEYREJECTED, boost::system::system_category());
    const auto opened = open_store(settings, clock, {}, {}, &keys);
    REQUIRE_FALSE(opened);
    CHECK(opened.error() == keys.error);
    keys.error = {};
    open();
    CHECK(open_batch(0, 0).readings.size() == 1);
}

TEST_CASE_METHOD(SealedFixture, "a disk without room for a key is full", "[buffer][sealed]") {
    open();
    keys.error = boost::system::errc::make_error_code(boost::system::errc::no_space_on_device);
    const auto refused = store(0, telling());
    REQUIRE_FALSE(refused);
    CHECK(refused.error().cause == model::Refusal::buffer_full);
    keys.error = {};
    CHECK(store(0, telling()));
    clock.advance(kDay);
    keys.error = boost::system::errc::make_error_code(boost::system::errc::no_space_on_device);
    CHECK(store(0, telling()));  // with the key of the day before
    keys.error = {};
    CHECK(store(0, telling()));
    CHECK(keys.made == 1);
    clock.advance(kDay);
    CHECK(store(0, telling()));
    CHECK(keys.made == 2);
    CHECK(open_batch(0, 0).readings.size() == 4);
    CHECK(failures.empty());
}

TEST_CASE_METHOD(SealedFixture, "keys that stay for now are no failure", "[buffer][sealed]") {
    open();
    REQUIRE(store(0, telling()));
    clock.advance(kDay);
    REQUIRE(store(0, telling()));
    deliver_all(0);
    keys.error = make_error_code(boost::system::errc::read_only_file_system);
    maintain();
    CHECK(outbox().figures().spent_keys == 1);
    keys.error = {};
    maintain();
    CHECK(outbox().figures().spent_keys == 0);
    CHECK(keys.size() == 1);
    CHECK(failures.empty());
}

// A group that finds no room is undone, its key stays, and its sequences are given to others.
TEST_CASE_METHOD(SealedFixture, "the numbers of keys only grow", "[buffer][sealed]") {
    SegmentKeys segment_keys(&keys);
    segment_keys.set_store(3);
    const auto first = segment_keys.renew(1, 100, kStart);
    const auto second = segment_keys.renew(1, 20, kStart + kDay);
    const auto third = segment_keys.renew(1, 101, kStart + 2 * kDay);
    REQUIRE((first && second && third));
    CHECK(first->number == 100);
    CHECK(second->number == 101);
    CHECK(third->number == 102);
}

TEST_CASE_METHOD(
    SealedFixture, "keys of a former store go after the retention", "[buffer][sealed]"
) {
    open();
    REQUIRE(keys.make("7.1.1"));
    keys.now = clock.now();
    maintain();
    CHECK(keys.size() == 1);
    clock.advance(settings.datasets[0].retention + kDay);
    maintain();
    CHECK(keys.size() == 0);
}

TEST_CASE_METHOD(SealedFixture, "a person is erased from what is sealed", "[buffer][sealed]") {
    open();
    REQUIRE(store(0, some_readings(10)));
    const std::string name = open_batch(0, 0).devices.at(0);
    REQUIRE(run(outbox().run([&](Store& store, std::uint64_t device_base) -> model::Result<void> {
        const auto erased = store.erase({{{"water", {Trait{"", name}}}}, device_base, clock.now()});
        if (!erased) return erased.error();
        CHECK(erased->readings > 0);
        return {};
    })));
    reopen();
    const auto batch = open_batch(0, 0);
    CHECK_FALSE(batch.readings.empty());
    for (const std::string& device : batch.devices) CHECK(device != name);
    CHECK(keys.made == 1);
    check_ledger();
}

TEST_CASE_METHOD(SealedFixture, "a salvage takes sealed segments", "[buffer][sealed]") {
    open();
    for (int i = 0; i < 20; ++i) REQUIRE(store(0, some_readings(300, i * 300)));
    close();
    damage();
    open();
    REQUIRE_FALSE(outbox().notices().empty());
    CHECK(waiting(0, 0) == 6'000);
    CHECK(open_batch(0, 0).readings.size() > 0);
    clock.advance(kDay);
    deliver_all(0);
    maintain();
    CHECK(keys.size() == 0);  // the new store knows them for its own
}

TEST_CASE("no more keys are held than there are to be", "[buffer][sealed]") {
    MemoryKeyRing ring;
    SegmentKeys segment_keys(&ring);
    segment_keys.set_store(3);
    for (std::uint64_t number = 1; number <= 2 * SegmentKeys::kHeldMax; ++number)
        REQUIRE(segment_keys.renew(1, number, kStart));
    for (std::uint64_t number = 1; number <= 2 * SegmentKeys::kHeldMax; ++number) {
        const auto key = segment_keys.find(1, {3, number});
        REQUIRE(key);
        CHECK(*key != nullptr);
    }
    CHECK(segment_keys.find(2, {3, 1}).value() == nullptr);
    CHECK(ring.names("3.1.").value().size() == 2 * SegmentKeys::kHeldMax);
    REQUIRE(ring.make("3.nonsense"));
    REQUIRE(ring.make("4.1.1"));
    REQUIRE(segment_keys.destroy_spent({{1, {3, 5}}}, kStart + kDay));
    CHECK(ring.names("").value().size() == 2 * SegmentKeys::kHeldMax - 4 + 2);
}
