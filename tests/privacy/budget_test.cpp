// The privacy budget on a disk that loses its power in every call in turn, and that is put back
// from an older copy: what has left leaves again byte for byte, no window is drawn twice, and no
// period costs more than its cap.
#include "gateway/aggregate/error.hpp"
#include "tests/proof/fast_directory.hpp"
#include "tests/proof/proof_size.hpp"
#include "tests/proof/simulated_disk.hpp"
#include "tests/support/aggregation_box.hpp"

#include <catch2/catch.hpp>

#include <map>
#include <random>
#include <string>
#include <vector>

using namespace gateway;
using namespace tests::proof;
using tests::support::AggregationBox;
using tests::support::NumberedMeters;

namespace {

constexpr std::uint64_t kReleases = 400;
constexpr std::int64_t kHour = AggregationBox::kHour;
constexpr std::int64_t kWindowsOfPeriod = 4;
constexpr std::size_t kPaidWindowsMax = 3;  // of a period: an epsilon of 1/3, a cap of 1
constexpr std::uint32_t kMeters = 6;

std::string start_of(const std::string& body) {
    const std::string field = "\"start\":\"";
    const auto at = body.find(field) + field.size();
    return body.substr(at, body.find('"', at) - at);
}

// What has left the gateway, by window: whoever got it remembers it.
class Recipient {
  public:
    void get(const std::vector<std::string>& bodies) {
        for (const auto& body : bodies) {
            const auto [known, is_new] = bodies_.emplace(start_of(body), body);
            if (!is_new && known->second != body) ++drawn_twice_;
        }
    }

    std::size_t windows() const { return bodies_.size(); }
    std::uint64_t drawn_twice() const { return drawn_twice_; }

    // Windows with noise in the period that has most of them.
    std::size_t most_paid() const {
        std::map<std::size_t, std::size_t> paid;
        std::size_t position = 0;
        std::size_t most = 0;
        for (const auto& [start, body] : bodies_) {
            const auto period = position++ / static_cast<std::size_t>(kWindowsOfPeriod);
            if (body.find("suppressed") == std::string::npos) most = std::max(most, ++paid[period]);
        }
        return most;
    }

  private:
    std::map<std::string, std::string> bodies_;  // in the order of time
    std::uint64_t drawn_twice_ = 0;
};

// An aggregation that lives on a simulated disk, hour after hour.
class Life {
  public:
    Life() : disk(directory.path().string()), box(directory.path().string(), meters()) {
        use(disk);
        box.vfs = kSimulatedVfs;
        box.keys_in = "";
        box.rules.protection =
            aggregate::Noise{100, {1, 3}, {1, 1}, std::chrono::seconds(kHour * kWindowsOfPeriod)};
    }

    // Until so many hours are over; false when the power went, or it may not release.
    bool run(std::int64_t hours) {
        if (!box.start()) return false;
        recipient.get(box.results());
        for (; hour_ < hours; ++hour_) {
            if (!read_) box.read_all(0, kMeters, 40 + hour_, hour_ * kHour + 5);
            read_ = true;
            if (!box.take()) return false;
            const auto now = AggregationBox::at((hour_ + 1) * kHour + kHour / 2);
            if (!box.aggregation().release_due(now)) return false;
            recipient.get(box.results());
            read_ = false;
        }
        return true;
    }

    void restart_with(const DiskImage& image) {
        box.stop();
        disk.start_with(image);
    }

    std::uint64_t taken() const { return box.counts()[aggregate::Count::taken]; }

    FastDirectory directory;  // stays empty: its files are in memory
    SimulatedDisk disk;
    AggregationBox box;
    Recipient recipient;

  private:
    static aggregate::Registry meters() {
        return NumberedMeters().put(0, kMeters, 0).registry({{"a"}}).value();
    }

    std::int64_t hour_ = 0;
    bool read_ = false;
};

std::size_t keys_in(const DiskImage& image) {
    std::size_t keys = 0;
    for (const auto& [name, content] : image) keys += name.ends_with(".window") ? 1U : 0U;
    return keys;
}

void check_end(const Life& life, std::int64_t hours) {
    CHECK(life.recipient.windows() == static_cast<std::size_t>(hours));
    CHECK(life.recipient.drawn_twice() == 0);
    CHECK(life.recipient.most_paid() == kPaidWindowsMax);
    CHECK(life.taken() == static_cast<std::uint64_t>(hours) * kMeters);
    CHECK(keys_in(life.disk.seen()) == 0);
}

}  // namespace

TEST_CASE("no power cut spends budget twice or draws noise again", "[privacy][budget]") {
    constexpr std::int64_t kHours = 6;
    std::mt19937 random(static_cast<std::uint32_t>(proof_seed()));
    const std::uint64_t most = proof_size(kReleases) / static_cast<std::uint64_t>(kHours);
    std::uint64_t cuts = 0;
    bool was_cut = true;
    const std::uint64_t step_max = most > kReleases ? 1 : 8;
    for (std::uint64_t call = 1; was_cut && cuts < most; call += 1 + random() % step_max, ++cuts) {
        INFO("call " << call);
        Life life;
        life.disk.cut_power_in(call);
        was_cut = !life.run(kHours);
        if (was_cut) {
            REQUIRE_FALSE(life.disk.powered());
            life.restart_with(life.disk.survivors(random));
            REQUIRE(life.run(kHours));
        }
        check_end(life, kHours);
    }
    WARN(cuts << " power cuts, " << cuts * static_cast<std::uint64_t>(kHours) << " releases");
}

TEST_CASE("many power cuts in one life come to the same", "[privacy][budget]") {
    const auto hours = static_cast<std::int64_t>(proof_size(kReleases / 4));
    std::mt19937 random(static_cast<std::uint32_t>(proof_seed()));
    Life life;
    std::uint64_t cuts = 0;
    life.disk.cut_power_in(1 + random() % 200);
    while (!life.run(hours)) {
        REQUIRE_FALSE(life.disk.powered());
        life.restart_with(life.disk.survivors(random));
        life.disk.cut_power_in(1 + random() % 200);
        ++cuts;
    }
    check_end(life, hours);
    CHECK(cuts > 0);
    WARN(cuts << " power cuts in " << hours << " releases");
}

TEST_CASE("an older copy of the database releases nothing", "[privacy][budget]") {
    Life life;
    REQUIRE(life.run(2));
    const DiskImage copy = life.disk.seen();
    REQUIRE(life.run(5));
    DiskImage image = life.disk.seen();
    for (const char* file : {"/groups.db", "/groups.db-wal"}) {
        const std::string name = life.directory.path().string() + file;
        image[name] = copy.at(name);
    }
    life.restart_with(image);
    CHECK_FALSE(life.run(6));
    CHECK(life.disk.powered());
    CHECK(life.box.file().may_release().error() == aggregate::Errc::rolled_back);
    CHECK(life.recipient.windows() == 5);
    CHECK(life.recipient.drawn_twice() == 0);
}

TEST_CASE("the proof sees noise that is drawn again", "[privacy][control]") {
    Life life;
    REQUIRE(life.run(2));
    const DiskImage copy = life.disk.seen();
    REQUIRE(life.run(3));
    life.restart_with(copy);  // with its generation: what the gateway cannot notice
    REQUIRE(life.box.start());
    REQUIRE(life.box.aggregation().release_due(AggregationBox::at(3 * kHour + kHour / 2)));
    life.recipient.get(life.box.results());
    CHECK(life.recipient.drawn_twice() > 0);
}
