#include "gateway/buffer/sqlite_store.hpp"
#include "gateway/buffer/store_file.hpp"
#include "limited_disk.hpp"
#include "outbox_fixture.hpp"

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
