#include "gateway/buffer/disk_reserve.hpp"
#include "gateway/buffer/error.hpp"
#include "gateway/buffer/sqlite_store.hpp"
#include "gateway/buffer/store_file.hpp"
#include "gateway/buffer/store_opening.hpp"
#include "limited_disk.hpp"
#include "outbox_fixture.hpp"

#include <fstream>

using namespace tests::buffer;

namespace {

class FullDiskFixture : public OutboxFixture {
  public:
    FullDiskFixture() {
        settings.buffer.path = directory.file("store/buffer.db");
        settings.buffer.size_max = 16U << 20;
    }

    ~FullDiskFixture() { close(); }  // while the disk is there

    void open_limited() {
        REQUIRE(prepare_store_file(settings.buffer.path));
        disk.directory = directory.file("store");
        disk.use();
        auto opened = SqliteStore::open(settings, clock.now(), kLimitedDisk);
        REQUIRE(opened);
        open_over(std::move(*opened));
    }

    // Closes a store with a backlog, then changes a bit in it.
    void leave_damaged_store() {
        open_limited();
        for (int i = 0; i < 20; ++i) REQUIRE(store(0, some_readings(3000, i * 3000)));
        close();
        std::fstream file(settings.buffer.path, std::ios::in | std::ios::out | std::ios::binary);
        file.seekp(100);
        file.put('x');
    }

    std::vector<std::string> told;
    model::Result<OpenedStore> open_damaged() {
        told.clear();
        return open_store(settings, clock, kLimitedDisk, [this](const Notice& notice) {
            told.emplace_back(notice.code);
        });
    }

    // Something else takes the rest of the disk.
    void fill_disk() { disk.bytes_max = disk.bytes(); }

    LimitedDisk disk;
};

}  // namespace

TEST_CASE_METHOD(FullDiskFixture, "a full disk does not stop the way out", "[buffer][full]") {
    settings.buffer.full = settings::Buffer::Full::refuse;
    open_limited();
    for (int i = 0; i < 20; ++i) REQUIRE(store(0, some_readings(3000, i * 3000)));
    fill_disk();
    model::Decoded<void> verdict;
    for (int i = 0; i < 500 && verdict; ++i) verdict = store(0, some_readings(3000, i * 3000));
    REQUIRE_FALSE(verdict);
    CHECK(verdict.error().cause == model::Refusal::buffer_full);
    const auto stored = outbox().ledger().stored;
    std::uint64_t delivered = 0;
    while (waiting(0, 0) > 0) {
        delivered += open_batch(0, 0).readings.size();
        confirm(0, 0);
    }
    CHECK(delivered == stored);
    CHECK(store(0, some_readings(3000)));  // in the room that is free again
    CHECK(failures.empty());
    check_ledger();
}

TEST_CASE_METHOD(FullDiskFixture, "on a full disk old readings make room", "[buffer][full]") {
    open_limited();
    for (int i = 0; i < 20; ++i) REQUIRE(store(0, some_readings(3000, i * 3000)));
    fill_disk();
    for (int i = 0; i < 300; ++i) REQUIRE(store(0, some_readings(3000, i * 3000)));
    CHECK(outbox().ledger().evicted[static_cast<std::size_t>(Eviction::size)] > 0);
    CHECK(failures.empty());
    check_ledger();
}

TEST_CASE_METHOD(FullDiskFixture, "a salvage without room leaves the store", "[buffer][full]") {
    leave_damaged_store();
    remove_file(disk_reserve_path(settings.buffer.path));
    fill_disk();
    const std::string before = tests::support::read_file(settings.buffer.path);
    const auto opened = open_damaged();
    REQUIRE_FALSE(opened);
    CHECK(opened.error() == Errc::full);
    CHECK(told == std::vector<std::string>{"salvage-waits"});
    CHECK(tests::support::read_file(settings.buffer.path) == before);
    CHECK_FALSE(exists(settings.buffer.path + ".salvaging"));
    disk.bytes_max *= 4;
    const auto later = open_damaged();
    REQUIRE(later);
    CHECK(told == std::vector<std::string>{"store-damaged", "store-salvaged"});
    CHECK((*later).store->state().ledger.uplinks.at("city").waiting() == 60'000);
}

TEST_CASE_METHOD(FullDiskFixture, "a salvage uses the room kept for need", "[buffer][full]") {
    leave_damaged_store();
    REQUIRE(exists(disk_reserve_path(settings.buffer.path)));
    const std::string older = settings.buffer.path + ".damaged-20260101T000000Z";
    std::ofstream(older) << std::string(4U << 20, 'x');
    fill_disk();
    const auto opened = open_damaged();
    REQUIRE(opened);
    CHECK((*opened).store->state().ledger.uplinks.at("city").waiting() == 60'000);
    CHECK_FALSE(exists(older));
}
