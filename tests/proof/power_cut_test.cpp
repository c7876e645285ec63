// Power cuts under the real store, at random calls of its disk: what was acknowledged is there.
#include "fast_directory.hpp"
#include "gateway/buffer/sqlite_connection.hpp"
#include "gateway/buffer/store_opening.hpp"
#include "opened_connections.hpp"
#include "proof_size.hpp"
#include "simulated_disk.hpp"
#include "store_life.hpp"
#include "stored_image.hpp"

#include <catch2/catch.hpp>

using namespace gateway;
using namespace tests::proof;

namespace {

constexpr std::uint64_t kCuts = 10'000;
constexpr std::uint64_t kParts = 4;
constexpr std::uint64_t kSeedsOfPart = 1'000'000;
constexpr std::uint64_t kCutsOfControl = 400;
constexpr std::uint64_t kCutsOfLife = 8;
constexpr std::uint64_t kIntegrityInterval = 50;

// How the store is made worse, to see that the proof sees it.
enum class Control { none, normal, off, lying_disk };

struct Tally {
    std::uint64_t cuts = 0;
    std::uint64_t cuts_with_complaints = 0;
    std::uint64_t damaged = 0;
    std::uint64_t acknowledged = 0;  // readings
    Promises::Complaints first;
    std::uint64_t first_seed = 0;
};

class PowerCuts {
  public:
    explicit PowerCuts(Control control) : control_(control) {}

    // Lives from `seed` on until there were so many cuts.
    Tally run(std::uint64_t seed, std::uint64_t cuts) {
        for (; tally_.cuts < cuts; ++seed) live(static_cast<std::uint32_t>(seed));
        return tally_;
    }

  private:
    void live(std::uint32_t seed) {
        SimulatedDisk disk(simulated_.path().string());
        use(disk);
        const bool large = seed % 40 == 0;
        StoreLife life(
            seed, simulated_.file("buffer.db"), large ? StoreLife::kLarge : StoreLife::kSmall
        );
        if (seed % 2 == 0) disk.pad_log();
        if (control_ == Control::lying_disk) disk.lie_about_syncs();
        for (std::uint64_t cut = 0; cut < kCutsOfLife; ++cut) {
            auto& random = life.random();
            const bool soon = random() % 4 == 0;  // while it opens
            disk.cut_power_in(1 + random() % (soon ? 60U : large ? 12'000U : 350U));
            live_until_cut(life, disk);
            const DiskImage image = disk.survivors(random);
            if (!note(seed, inspect(life, image))) return;
            disk.start_with(image);
        }
        tally_.acknowledged += life.promises().state().ledger.stored;
    }

    void live_until_cut(StoreLife& life, SimulatedDisk& disk) {
        bool lives = life.open(kSimulatedVfs);
        if (lives && control_ == Control::normal) connections_.set("PRAGMA synchronous=NORMAL");
        if (lives && control_ == Control::off) connections_.set("PRAGMA synchronous=OFF");
        while (lives) lives = life.step();
        life.abandon();
        if (disk.powered()) failed_without_cut_ = life.error();
    }

    // Opens what the cut left, with the system's VFS, in a directory of its own.
    Promises::Complaints inspect(StoreLife& life, const DiskImage& image) {
        if (!failed_without_cut_.empty()) return {std::exchange(failed_without_cut_, {})};
        auto settings = life.settings();
        settings.buffer.path = put(image, real_);
        auto complaints = compare(life, settings);
        if (tally_.cuts % kIntegrityInterval == 0 || control_ != Control::none) {
            auto connection = buffer::SqliteConnection::open(settings.buffer.path, {});
            if (!connection || connection->text("PRAGMA integrity_check").value() != "ok")
                complaints.emplace_back("the database is damaged");
        }
        return complaints;
    }

    Promises::Complaints compare(StoreLife& life, const settings::Settings& settings) {
        auto keys = life.keys();
        const auto opened = buffer::open_store(settings, life.clock(), {}, {}, &keys);
        if (!opened) return {"does not open: " + opened.error().message()};
        auto complaints = life.promises().compare(*opened->store);
        for (const auto& notice : opened->notices) {
            complaints.emplace_back(std::string(notice.code).append(": ").append(notice.detail));
            if (notice.code == "store-damaged") ++tally_.damaged;
        }
        return complaints;
    }

    bool note(std::uint64_t seed, Promises::Complaints complaints) {
        ++tally_.cuts;
        if (complaints.empty()) return true;
        if (tally_.cuts_with_complaints++ == 0) {
            tally_.first_seed = seed;
            tally_.first = std::move(complaints);
        }
        return false;
    }

    Control control_;
    OpenedConnections connections_;
    FastDirectory simulated_;  // stays empty: its files are in memory
    FastDirectory real_;
    std::string failed_without_cut_;
    Tally tally_;
};

std::string text_of(const Tally& tally) {
    std::string text = std::to_string(tally.cuts) + " cuts, " + std::to_string(tally.acknowledged) +
                       " readings acknowledged, " + std::to_string(tally.cuts_with_complaints) +
                       " cuts with a broken promise, " + std::to_string(tally.damaged) +
                       " with a damaged database";
    if (!tally.first.empty()) text += "\nfirst with seed " + std::to_string(tally.first_seed) + ":";
    for (const auto& complaint : tally.first) text += "\n  " + complaint;
    return text;
}

}  // namespace

// In parts, for several processes.
TEMPLATE_TEST_CASE_SIG(
    "no power cut takes what was acknowledged",
    "[proof][power-cuts]",
    ((int part), part),
    0,
    1,
    2,
    3
) {
    const std::uint64_t seed = proof_seed() + part * kSeedsOfPart;
    const Tally tally = PowerCuts(Control::none).run(seed, proof_size(kCuts) / kParts);
    INFO(text_of(tally));
    CHECK(tally.cuts_with_complaints == 0);
    WARN(text_of(tally));
}

TEST_CASE("the proof of power cuts sees synchronous=NORMAL", "[proof][control]") {
    const Tally tally = PowerCuts(Control::normal).run(1, kCutsOfControl);
    INFO(text_of(tally));
    CHECK(tally.cuts_with_complaints > 0);
}

TEST_CASE("the proof of power cuts sees synchronous=OFF", "[proof][control]") {
    const Tally tally = PowerCuts(Control::off).run(1, kCutsOfControl);
    INFO(text_of(tally));
    CHECK(tally.cuts_with_complaints > 0);
}

TEST_CASE("the proof of power cuts sees a disk that lies about syncs", "[proof][control]") {
    const Tally tally = PowerCuts(Control::lying_disk).run(1, kCutsOfControl);
    INFO(text_of(tally));
    CHECK(tally.cuts_with_complaints > 0);
}
