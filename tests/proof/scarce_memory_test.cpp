// SQLite without memory at each of its allocations in turn.
#include "fast_directory.hpp"
#include "gateway/buffer/store_opening.hpp"
#include "proof_size.hpp"
#include "simulated_disk.hpp"
#include "store_life.hpp"
#include "stored_image.hpp"

#include <catch2/catch.hpp>
#include <sqlite3.h>

using namespace gateway;
using namespace tests::proof;

namespace {

constexpr std::uint64_t kRuns = 1'000;
constexpr std::uint32_t kSeed = 5;

struct Scarcity {
    std::uint64_t calls = 0;
    std::uint64_t fails_at = 0;  // from 1; 0: never
    bool lasts = false;
    std::uint64_t failed = 0;
};
Scarcity scarcity;
sqlite3_mem_methods plenty;

bool fails() {
    ++scarcity.calls;
    if (scarcity.fails_at == 0 || scarcity.calls < scarcity.fails_at) return false;
    if (scarcity.calls > scarcity.fails_at && !scarcity.lasts) return false;
    ++scarcity.failed;
    return true;
}

void* allocate(int size) {
    return fails() ? nullptr : plenty.xMalloc(size);
}

void* reallocate(void* memory, int size) {
    return fails() ? nullptr : plenty.xRealloc(memory, size);
}

// Before SQLite is first used, which it then holds for the whole process.
const bool installed = [] {
    sqlite3_config(SQLITE_CONFIG_GETMALLOC, &plenty);
    auto scarce = plenty;
    scarce.xMalloc = allocate;
    scarce.xRealloc = reallocate;
    return sqlite3_config(SQLITE_CONFIG_MALLOC, &scarce) == SQLITE_OK;
}();

bool live(StoreLife& life) {
    if (!life.open(kSimulatedVfs)) return false;
    for (int i = 0; i < 3; ++i) {
        if (!life.write()) return false;
    }
    return life.send(0) && life.maintain() && life.send(1) && life.close();
}

class ScarceMemory {
  public:
    // One run; answers how many allocations it asked for.
    std::uint64_t run(std::uint64_t fails_at, bool lasts) {
        SimulatedDisk disk(simulated_.path().string());
        use(disk);
        StoreLife life(kSeed, simulated_.file("buffer.db"), StoreLife::kSmall);
        const auto used = sqlite3_memory_used();
        scarcity = Scarcity{0, fails_at, lasts, 0};
        const bool lived = live(life);
        life.abandon();
        const Scarcity after = std::exchange(scarcity, Scarcity{});
        if (!lived) {
            CHECK(after.failed > 0);
            CHECK_FALSE(life.error().empty());
            ++said;
        }
        CHECK(sqlite3_memory_used() == used);
        auto settings = life.settings();
        settings.buffer.path = put(disk.seen(), real_);
        auto keys = life.keys();
        const auto opened = buffer::open_store(settings, life.clock(), {}, {}, &keys);
        REQUIRE(opened);
        CHECK(opened->notices.empty());
        for (const auto& complaint : life.promises().compare(*opened->store)) FAIL_CHECK(complaint);
        return after.calls;
    }

    int said = 0;

  private:
    FastDirectory simulated_;
    FastDirectory real_;
};

}  // namespace

TEST_CASE("without memory the store says so and loses nothing", "[proof][memory]") {
    REQUIRE(installed);
    const bool lasts = GENERATE(false, true);
    ScarceMemory proof;
    proof.run(0, false);  // what SQLite keeps for the whole process it has from here on
    const std::uint64_t allocations = proof.run(0, false);
    const std::uint64_t step = std::max<std::uint64_t>(1, allocations / proof_size(kRuns));
    std::uint64_t runs = 0;
    for (std::uint64_t n = 1 + proof_seed() % step; n <= allocations; n += step, ++runs) {
        INFO("allocation " << n << ", lasts " << lasts);
        proof.run(n, lasts);
    }
    CHECK(proof.said > 0);
    WARN(
        runs << " of " << allocations << " allocations failed" << (lasts ? " with all after" : "")
             << ", " << proof.said << " runs ended with an error"
    );
}
