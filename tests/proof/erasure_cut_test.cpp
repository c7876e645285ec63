// Power cuts in the middle of an erasure: it is done when the system starts again, or not begun;
// and once it was acknowledged, nothing of the person is on the disk.
#include "fast_directory.hpp"
#include "gateway/buffer/group.hpp"
#include "gateway/buffer/store_opening.hpp"
#include "opened_connections.hpp"
#include "proof_size.hpp"
#include "simulated_disk.hpp"
#include "store_life.hpp"
#include "stored_image.hpp"
#include "tests/support/public_readings.hpp"

#include <catch2/catch.hpp>

#include <set>

using namespace gateway;
using namespace tests::proof;

namespace {

constexpr std::uint64_t kCuts = 2'000;
constexpr std::uint64_t kCutsOfControl = 400;
constexpr std::uint64_t kCallsOfErasure = 160;  // more than it takes
constexpr std::uint64_t kSizeMax = 16U << 20;
constexpr std::uint64_t kDevicesMax = 1'000;  // more than there are
constexpr model::Instant kStart{std::chrono::sys_days{std::chrono::year{2026} / 3 / 1}};
const model::Quantity kVolume{"water.volume", "m3"};
const std::string kPerson = "aaaaabbbbbcccccdddddeeeee2";

enum class Control { none, off, lying_disk };

struct Tally {
    std::uint64_t cuts = 0;
    std::uint64_t acknowledged = 0;  // erasures
    std::uint64_t finished = 0;      // by the next start
    std::uint64_t not_begun = 0;
    std::uint64_t broken = 0;
    std::string first;
};

class ErasureCuts {
  public:
    explicit ErasureCuts(Control control) : control_(control) {}

    Tally run(std::uint64_t cuts) {
        for (std::uint64_t seed = proof_seed(); tally_.cuts < cuts; ++seed)
            live(static_cast<std::uint32_t>(seed));
        return tally_;
    }

  private:
    void live(std::uint32_t seed) {
        std::mt19937 random(seed);
        SimulatedDisk disk(simulated_.path().string());
        use(disk);
        if (control_ == Control::lying_disk) disk.lie_about_syncs();
        settings_ = proof_settings(simulated_.file("buffer.db"), kSizeMax);
        is_told_ = seed % 2 == 0;
        if (!is_told_) settings_.uplinks.clear();
        others_.clear();
        persons_.clear();
        auto opened = buffer::open_store(settings_, clock_, kSimulatedVfs);
        REQUIRE(opened);
        if (control_ == Control::off) connections_.set("PRAGMA synchronous=OFF");
        write(*opened->store, random);
        if (random() % 2 == 0 && is_told_)
            REQUIRE(opened->store->open_batch({0, buffer::Lane::live}, {20, 1U << 20}));
        disk.cut_power_in(1 + random() % kCallsOfErasure);
        const buffer::ErasureOrder order{{{"water", {{"", kPerson}}}}, kDevicesMax, clock_.now()};
        const auto erased = opened->store->erase(order);
        const bool acknowledged = erased && erased->state == buffer::Erased::State::done;
        opened->store.reset();
        ++tally_.cuts;
        note(inspect(disk.survivors(random), acknowledged));
    }

    // Some groups, so that there are several segments; the device's every fourth reading.
    void write(buffer::Store& store, std::mt19937& random) {
        std::vector<settings::Priority> priorities;
        for (const auto& dataset : settings_.datasets) priorities.push_back(dataset.priority);
        buffer::GroupBuilder builder(priorities, store.next_device());
        std::uint64_t sequence = 0;
        for (std::uint64_t groups = 2 + random() % 12; groups > 0; --groups) {
            tests::support::PublicReadings readings;
            for (std::uint64_t left = 1 + random() % 20; left > 0; --left) {
                const bool is_persons = random() % 4 == 0;
                ++sequence;
                (is_persons ? persons_ : others_).insert(sequence);
                readings.add(
                    {.device = is_persons ? kPerson : "other-" + std::to_string(random() % 5),
                     .quantity = &kVolume,
                     .value = {static_cast<std::int64_t>(sequence), 0},
                     .observed_at = kStart + std::chrono::seconds{sequence},
                     .attributes = "{}"}
                );
            }
            REQUIRE(builder.add(0, readings.all()));
            const auto group = builder.take({}, clock_.now());
            REQUIRE(store.write(group));
        }
    }

    std::string inspect(const DiskImage& image, bool acknowledged) {
        if (acknowledged) ++tally_.acknowledged;
        if (acknowledged && !is_told_) {
            for (const auto& [name, content] : image) {
                if (content.find(kPerson) != std::string::npos) return "the person is in " + name;
            }
        }
        auto settings = settings_;
        settings.buffer.path = put(image, real_);
        const auto opened = buffer::open_store(settings, clock_);
        if (!opened) return "does not open: " + opened.error().message();
        buffer::Store& store = *opened->store;
        const auto persons = sequences(store, {{"", kPerson}});
        const bool is_gone = persons.empty();
        if (acknowledged && !is_gone && !persons_.empty()) return "what was erased came back";
        if (!is_gone && persons != persons_) return "it is erased in part";
        std::uint64_t told = 0;
        for (const auto& queue : store.state().queues) told += queue.erasures.all().size();
        const std::uint64_t expected = is_told_ ? 2 : 0;  // both uplinks take the dataset
        if (!persons_.empty() && told != (is_gone ? expected : 0))
            return std::to_string(told) + " recipients are to be told";
        if (!acknowledged) ++(is_gone ? tally_.finished : tally_.not_begun);
        return compare_others(store, is_gone);
    }

    std::string compare_others(buffer::Store& store, bool is_gone) const {
        std::vector<buffer::Trait> others;
        for (int i = 0; i < 5; ++i) others.push_back({"", "other-" + std::to_string(i)});
        if (sequences(store, others) != others_) return "readings of others are missing";
        const std::uint64_t evicted = is_gone ? persons_.size() : 0;
        const auto& ledger = store.state().ledger;
        constexpr auto kErased = static_cast<std::size_t>(buffer::Eviction::erased);
        if (ledger.stored != persons_.size() + others_.size()) return "the ledger's stored";
        if (ledger.evicted[kErased] != evicted) return "the ledger's erased";
        std::size_t queue = 0;
        for (const auto& name : store.queues()) {
            const auto& of_queue = store.state().queues[queue++];
            if (name.dataset != "water") continue;
            const std::uint64_t left = persons_.size() + others_.size() - evicted;
            if (of_queue.waiting() != left) return "what waits for " + name.uplink;
        }
        return {};
    }

    static std::set<std::uint64_t> sequences(
        buffer::Store& store, std::vector<buffer::Trait> traits
    ) {
        std::set<std::uint64_t> found;
        const buffer::PersonQuery query{"water", std::move(traits), store.next_device(), 0};
        REQUIRE(store.find_readings(query, [&](const buffer::PersonRow& row) {
            return found.insert(row.sequence).second;
        }));
        return found;
    }

    void note(const std::string& complaint) {
        if (complaint.empty()) return;
        if (tally_.broken++ == 0) tally_.first = complaint;
    }

    Control control_;
    OpenedConnections connections_;
    FastDirectory simulated_;  // stays empty: its files are in memory
    FastDirectory real_;
    settings::Settings settings_;
    runtime::ManualClock clock_{kStart};
    bool is_told_ = false;
    std::set<std::uint64_t> persons_;
    std::set<std::uint64_t> others_;
    Tally tally_;
};

std::string text_of(const Tally& tally) {
    return std::to_string(tally.cuts) + " cuts: " + std::to_string(tally.acknowledged) +
           " erasures acknowledged, " + std::to_string(tally.finished) +
           " finished by the next start, " + std::to_string(tally.not_begun) + " not begun, " +
           std::to_string(tally.broken) + " broken promises " + tally.first;
}

}  // namespace

TEST_CASE("no power cut undoes an erasure or leaves half of it", "[proof][erasure]") {
    const Tally tally = ErasureCuts(Control::none).run(proof_size(kCuts));
    INFO(text_of(tally));
    CHECK(tally.broken == 0);
    // Every way it can end was met.
    CHECK(tally.acknowledged > 0);
    CHECK(tally.finished > 0);
    CHECK(tally.not_begun > 0);
    WARN(text_of(tally));
}

TEST_CASE("the proof of erasures sees synchronous=OFF", "[proof][control][erasure]") {
    const Tally tally = ErasureCuts(Control::off).run(kCutsOfControl);
    INFO(text_of(tally));
    CHECK(tally.broken > 0);
}

TEST_CASE("the proof of erasures sees a disk that lies about syncs", "[proof][control][erasure]") {
    const Tally tally = ErasureCuts(Control::lying_disk).run(kCutsOfControl);
    INFO(text_of(tally));
    CHECK(tally.broken > 0);
}
