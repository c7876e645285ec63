// Power cuts, and a disk that fails or is full, in every call of a migration and of its way down:
// the store is of one version or the other, whole, and both can be done again.
#include "fast_directory.hpp"
#include "gateway/buffer/error.hpp"
#include "gateway/buffer/store_opening.hpp"
#include "simulated_disk.hpp"
#include "store_life.hpp"
#include "stored_image.hpp"
#include "tests/support/later_schema.hpp"
#include "tests/support/version_1_store.hpp"

#include <catch2/catch.hpp>

using namespace gateway;
using namespace tests::proof;
using tests::support::LaterSchema;

namespace {

constexpr std::uint32_t kSeed = 11;
constexpr int kSteps = 40;
constexpr std::uint64_t kSurvivorsOfCut = 8;  // of each cut so many of the disks it may leave
constexpr std::uint64_t kCutsMax = 2'000;
constexpr model::Instant kStart{std::chrono::sys_days{std::chrono::year{2026} / 3 / 1}};

bool rise(const std::string& path, const std::string& vfs) {
    auto connection = buffer::SqliteConnection::open(path, vfs);
    return connection && LaterSchema::undoable().migrate(*connection);
}

// As rise(), without the transaction that holds a step together.
bool rise_in_pieces(const std::string& path, const std::string& vfs) {
    auto connection = buffer::SqliteConnection::open(path, vfs);
    if (!connection) return false;
    const auto& step = LaterSchema::undoable().steps().back();
    const std::string version = "PRAGMA user_version=" + std::to_string(LaterSchema::kUndoable);
    return connection->execute(step.up) && connection->execute(version.c_str());
}

bool descend(const std::string& path, const std::string& vfs) {
    auto connection = buffer::SqliteConnection::open(path, vfs);
    return connection && LaterSchema::undoable().descend(*connection, buffer::kSchemaVersion) &&
           connection->checkpoint(true);
}

std::int64_t version_of(const std::string& path) {
    auto connection = buffer::SqliteConnection::open(path, {});
    if (!connection) return -1;
    return connection->integer("PRAGMA user_version").value();
}

std::string integrity_of(const std::string& path) {
    auto connection = buffer::SqliteConnection::open(path, {});
    return connection ? connection->text("PRAGMA integrity_check").value() : "does not open";
}

// A store with a life behind it, and whether it is still what it was.
class LivedStore {
  public:
    LivedStore() {
        SimulatedDisk disk(simulated_.path().string());
        use(disk);
        StoreLife& life = *life_;
        REQUIRE(life.open(kSimulatedVfs));
        for (int i = 0; i < kSteps; ++i) REQUIRE(life.step());
        REQUIRE(life.close());
        life.abandon();
        images_[buffer::kSchemaVersion] = disk.seen();
        REQUIRE(rise(path(), kSimulatedVfs));
        images_[LaterSchema::kUndoable] = disk.seen();
    }

    std::string path() const { return simulated_.file("buffer.db"); }
    const std::string& directory() const { return directory_; }
    const DiskImage& image(std::int64_t version) const { return images_.at(version); }

    // What is wrong with a store that a migration or its way down has left.
    std::string fault_of(const DiskImage& image) {
        const auto path = put(image, real_);
        const auto version = version_of(path);
        if (version != buffer::kSchemaVersion && version != LaterSchema::kUndoable)
            return "it is of version " + std::to_string(version);
        if (integrity_of(path) != "ok") return integrity_of(path);
        if (!rise(path, {})) return "it does not go up again";
        if (!descend(path, {})) return "it does not come down again";
        auto settings = life_->settings();
        settings.buffer.path = path;
        auto keys = life_->keys();
        const auto opened = buffer::open_store(settings, life_->clock(), {}, {}, &keys);
        if (!opened) return "does not open: " + opened.error().message();
        if (!opened->notices.empty()) return std::string(opened->notices.front().code);
        auto promises = life_->promises();
        const auto complaints = promises.compare(*opened->store);
        return complaints.empty() ? std::string() : complaints.front();
    }

  private:
    FastDirectory simulated_;
    FastDirectory real_;
    const std::string directory_ = simulated_.path().string();
    std::unique_ptr<StoreLife> life_ =
        std::make_unique<StoreLife>(kSeed, path(), StoreLife::kSmall);
    std::map<std::int64_t, DiskImage> images_;
};

using Work = bool (*)(const std::string& path, const std::string& vfs);

struct Tally {
    std::uint64_t cuts = 0;
    std::uint64_t broken = 0;
    std::string first;

    void note(const std::string& fault) {
        ++cuts;
        if (fault.empty()) return;
        if (broken++ == 0) first = fault;
    }
};

// The power goes in each call of the work in turn, until it has no more.
Tally cut_everywhere(LivedStore& store, std::int64_t from, Work work) {
    Tally tally;
    std::mt19937 random(kSeed);
    for (std::uint64_t call = 1; call < kCutsMax; ++call) {
        SimulatedDisk disk(store.directory());
        use(disk);
        disk.start_with(store.image(from));
        disk.cut_power_in(call);
        work(store.path(), kSimulatedVfs);
        if (disk.powered()) return tally;
        for (std::uint64_t i = 0; i < kSurvivorsOfCut; ++i)
            tally.note(store.fault_of(disk.survivors(random)));
    }
    tally.note("it never ends");
    return tally;
}

}  // namespace

TEST_CASE("no power cut in a migration or its way down takes anything", "[proof][schema]") {
    LivedStore store;
    const Tally up = cut_everywhere(store, buffer::kSchemaVersion, rise);
    INFO(up.first);
    CHECK(up.cuts > 50);
    CHECK(up.broken == 0);
    const Tally down = cut_everywhere(store, LaterSchema::kUndoable, descend);
    INFO(down.first);
    CHECK(down.cuts > 50);
    CHECK(down.broken == 0);
    WARN(
        std::to_string(up.cuts) + " disks after a cut in a migration, " +
        std::to_string(down.cuts) + " in its way down, " + std::to_string(up.broken + down.broken) +
        " broken"
    );
}

TEST_CASE("the proof of migrations sees a step without a transaction", "[proof][control]") {
    LivedStore store;
    CHECK(cut_everywhere(store, buffer::kSchemaVersion, rise_in_pieces).broken > 0);
}

TEST_CASE(
    "a disk that fails or is full in a migration is told and loses nothing", "[proof][schema]"
) {
    using Kind = DiskFault::Kind;
    LivedStore store;
    std::mt19937 random(kSeed);
    const auto kind = GENERATE(Kind::io_error, Kind::full, Kind::short_write, Kind::sync_error);
    const bool is_up = GENERATE(true, false);
    const std::int64_t from = is_up ? buffer::kSchemaVersion : LaterSchema::kUndoable;
    Tally tally;
    bool has_failed = true;
    for (std::uint64_t call = 1; has_failed && call < kCutsMax; ++call) {
        SimulatedDisk disk(store.directory());
        use(disk);
        disk.start_with(store.image(from));
        disk.fail({kind, call, true});
        (is_up ? rise : descend)(store.path(), kSimulatedVfs);
        has_failed = disk.failures() > 0;
        tally.note(store.fault_of(disk.seen()));
        tally.note(store.fault_of(disk.survivors(random)));
    }
    INFO(tally.first);
    CHECK(tally.cuts > 2);
    CHECK(tally.broken == 0);
}

namespace {

// The ten readings of a store of version 1, by its real steps.
class FirstStore {
  public:
    FirstStore() {
        SimulatedDisk disk(simulated_.path().string());
        use(disk);
        settings_ = proof_settings(simulated_.file("buffer.db"), StoreLife::kSmall.size_max);
        settings_.uplinks.resize(1);
        tests::support::write_version_1(settings_.buffer.path, kStart, kSimulatedVfs);
        image_ = disk.seen();
    }

    std::unique_ptr<SimulatedDisk> disk() const {
        auto disk = std::make_unique<SimulatedDisk>(simulated_.path().string());
        disk->start_with(image_);
        return disk;
    }

    boost::system::error_code open(const std::string& vfs) { return open(settings_, vfs); }

    std::string fault_of(const DiskImage& image) {
        auto settings = settings_;
        settings.buffer.path = put(image, real_);
        if (const auto failure = open(settings, {})) return failure.message();
        return waiting_ == 10 ? "" : std::to_string(waiting_) + " readings wait";
    }

  private:
    boost::system::error_code open(const settings::Settings& settings, const std::string& vfs) {
        runtime::ManualClock clock{kStart};
        auto opened = buffer::open_store(settings, clock, vfs);
        if (!opened) return opened.error();
        waiting_ = opened->notices.empty() ? opened->store->state().queues[0].waiting() : 0;
        return {};
    }

    FastDirectory simulated_;
    FastDirectory real_;
    settings::Settings settings_;
    DiskImage image_;
    std::uint64_t waiting_ = 0;
};

}  // namespace

TEST_CASE("no power cut on the way from version 1 takes a reading", "[proof][schema]") {
    FirstStore store;
    std::mt19937 random(kSeed);
    Tally tally;
    for (std::uint64_t call = 1; call < kCutsMax; ++call) {
        const auto disk = store.disk();
        use(*disk);
        disk->cut_power_in(call);
        [[maybe_unused]] const auto failure = store.open(kSimulatedVfs);
        if (disk->powered()) break;
        for (std::uint64_t i = 0; i < kSurvivorsOfCut; ++i)
            tally.note(store.fault_of(disk->survivors(random)));
    }
    INFO(tally.first);
    CHECK(tally.cuts > 100);
    CHECK(tally.broken == 0);
    WARN(std::to_string(tally.cuts) + " disks after a cut on the way from version 1");
}

TEST_CASE("a full disk on the way from version 1 is told as such", "[proof][schema]") {
    FirstStore store;
    std::uint64_t told = 0;
    bool has_failed = true;
    for (std::uint64_t call = 1; has_failed && call < kCutsMax; ++call) {
        const auto disk = store.disk();
        use(*disk);
        disk->fail({DiskFault::Kind::full, call, true});
        const auto failure = store.open(kSimulatedVfs);
        has_failed = disk->failures() > 0;
        if (failure) {
            ++told;
            CHECK(failure == buffer::Errc::full);
        }
        CHECK(store.fault_of(disk->seen()).empty());
    }
    CHECK(told > 0);
}
