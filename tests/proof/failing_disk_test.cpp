// A disk that fails in every one of its calls in turn, under the real store: it says so, and what
// was acknowledged is there afterwards.
#include "fast_directory.hpp"
#include "gateway/buffer/store_opening.hpp"
#include "simulated_disk.hpp"
#include "store_life.hpp"
#include "stored_image.hpp"

#include <catch2/catch.hpp>

using namespace gateway;
using namespace tests::proof;

namespace {

constexpr std::uint32_t kSeed = 5;
constexpr int kStepsBeforeMaintenance = 8;

// From the first start to the last stop. False when the store did not answer.
bool live(StoreLife& life) {
    if (!life.open(kSimulatedVfs)) return false;
    for (int i = 0; i < kStepsBeforeMaintenance; ++i) {
        if (!life.step()) return false;
    }
    return life.maintain() && life.write() && life.send(0) && life.close();
}

class FailingDisk {
  public:
    // One run with one fault; false when it did not come to the fault any more.
    bool run(DiskFault fault) {
        SimulatedDisk disk(simulated_.path().string());
        use(disk);
        StoreLife life(kSeed, simulated_.file("buffer.db"), StoreLife::kSmall);
        disk.fail(fault);
        const bool lived = live(life);
        // An empty file becomes a database by a rollback journal, which is repeated as it must be.
        if (life.opened()) CHECK(disk.syncs_after_failed_sync() == 0);
        life.abandon();
        const std::uint64_t failures = disk.failures();
        if (!lived) {
            CHECK(failures > 0);
            CHECK_FALSE(life.error().empty());
            ++said_;
        }
        // The next process finds what this one saw, or what the disk kept.
        inspect(life, life.promises(), disk.seen());
        inspect(life, life.promises(), disk.survivors(life.random()));
        return failures > 0;
    }

    int said() const { return said_; }

  private:
    void inspect(const StoreLife& life, Promises promises, const DiskImage& image) {
        auto settings = life.settings();
        settings.buffer.path = put(image, real_);
        auto keys = life.keys();
        const auto opened = buffer::open_store(settings, life.clock(), {}, {}, &keys);
        REQUIRE(opened);
        CHECK(opened->notices.empty());
        for (const auto& complaint : promises.compare(*opened->store)) FAIL_CHECK(complaint);
    }

    FastDirectory simulated_;
    FastDirectory real_;
    int said_ = 0;
};

}  // namespace

TEST_CASE("a disk that fails in any call is noticed and loses nothing", "[proof][faults]") {
    using Kind = DiskFault::Kind;
    const auto kind = GENERATE(Kind::io_error, Kind::full, Kind::short_write, Kind::sync_error);
    const bool lasts = GENERATE(false, true);
    FailingDisk proof;
    bool failed = true;
    std::uint64_t call = 0;
    while (failed) {
        ++call;
        INFO("kind " << static_cast<int>(kind) << ", lasts " << lasts << ", call " << call);
        failed = proof.run({kind, call, lasts});
    }
    CHECK(call > 20);  // there were that many calls of the kind to fail
    CHECK(proof.said() > 0);
    WARN(
        "kind " << static_cast<int>(kind) << (lasts ? ", lasting" : "") << ": " << call - 1
                << " calls failed in turn, " << proof.said() << " runs ended with an error"
    );
}
