// Power cuts, and a disk that fails or is full, in every call that the life of firmware.db makes:
// what was answered is there, each change is there whole or not at all, and no image is spoilt.
#include "fast_directory.hpp"
#include "gateway/firmware/firmware_store.hpp"
#include "simulated_disk.hpp"
#include "stored_image.hpp"

#include <catch2/catch.hpp>
#include <sodium.h>

#include <functional>

using namespace gateway;
using namespace gateway::firmware;
using namespace std::chrono_literals;
using namespace tests::proof;

namespace {

constexpr std::uint32_t kSeed = 11;
constexpr std::uint64_t kCutsMax = 5'000;
constexpr int kSurvivorsOfCut = 4;  // of each cut so many of the disks it may leave
constexpr runtime::WallClock::Instant kNow{1'800'000'000s};
constexpr const char* kFile = "firmware.db";

using Steps = std::vector<std::function<bool(FirmwareStore&)>>;

bool add(FirmwareStore& store, std::uint32_t sequence, std::size_t bytes) {
    const std::string image(bytes, static_cast<char>(sequence));
    Image content;
    content.size = static_cast<std::uint32_t>(bytes);
    crypto_hash_sha256(
        content.sha256.data(), reinterpret_cast<const unsigned char*>(image.data()), bytes
    );
    Manifest manifest;
    manifest.vendor = "maker";
    manifest.device_class = "meter";
    manifest.sequence = sequence;
    manifest.content = content;
    const auto added = store.add(make_signed(encode(manifest), Signature{}), manifest, image);
    return added && !added->fault;
}

bool set_state(FirmwareStore& store, std::uint32_t number, UpdateState state) {
    Update update;
    update.number = number;
    update.state = state;
    Rollout::Changes changes;
    changes.updates.push_back(update);
    return store.write(changes).has_value();
}

// A rollout moves on in the same transaction as the device that moved it.
bool advance(FirmwareStore& store, DeviceState state, std::uint32_t offset) {
    KnownDevice device;
    device.label = "7f3a";
    device.steps[0] = Step{1, state, "", offset, kNow};
    Update update;
    update.number = 1;
    update.state = UpdateState::running;
    update.stage = state == DeviceState::confirmed ? Stage::tenth : Stage::one;
    Rollout::Changes changes;
    changes.devices.push_back(device);
    changes.updates.push_back(update);
    return store.write(changes).has_value();
}

bool forget_device(FirmwareStore& store) {
    Rollout::Changes changes;
    changes.forgotten.push_back(DeviceId{});
    return store.write(changes).has_value();
}

const Steps& life() {
    static const Steps steps = {
        [](auto& store) { return add(store, 7, 70'000); },
        [](auto& store) { return advance(store, DeviceState::offered, 0); },
        [](auto& store) { return advance(store, DeviceState::downloading, 4'096); },
        [](auto& store) { return add(store, 9, 40'000); },
        [](auto& store) { return advance(store, DeviceState::confirmed, 70'000); },
        [](auto& store) { return set_state(store, 1, UpdateState::aborted); },
        [](auto& store) { return forget_device(store); },
    };
    return steps;
}

// All that a store holds, and whether a sequence of before is still too old for it.
std::string told_by(FirmwareStore& store) {
    const auto content = store.load(kNow);
    if (!content) return "unreadable: " + content.error().message();
    std::string told;
    for (const Update& update : content->updates) {
        const auto sound = store.is_sound(update.number, std::get<Image>(update.manifest.content));
        told += "update " + std::to_string(update.sequence());
        told += " in state " + std::to_string(static_cast<int>(update.state));
        told += " at stage " + std::to_string(static_cast<int>(update.stage));
        told += sound && *sound ? ", sound; " : ", without its image; ";
    }
    for (const KnownDevice& device : content->devices) {
        told +=
            device.label + " in state " + std::to_string(static_cast<int>(device.steps[0].state));
        told += " at " + std::to_string(device.steps[0].offset) + "; ";
    }
    for (const std::uint32_t sequence : {6u, 8u})
        told += add(store, sequence, 1) ? "takes " + std::to_string(sequence) + "; " : "";
    return told;
}

std::string told_by_file(const std::string& path) {
    auto store = FirmwareStore::open(path);
    return store ? told_by(**store) : "does not open: " + store.error().message();
}

// What a store tells after each step, the first before any.
std::vector<std::string> chapters() {
    std::vector<std::string> told;
    for (std::size_t steps = 0; steps <= life().size(); ++steps) {
        const FastDirectory directory;
        auto store = FirmwareStore::open(directory.file(kFile));
        REQUIRE(store);
        for (std::size_t i = 0; i < steps; ++i) REQUIRE(life()[i](**store));
        told.push_back(told_by(**store));
    }
    return told;
}

struct Tally {
    std::uint64_t disks = 0;
    std::uint64_t broken = 0;
    std::string first;
};

class Trial {
  public:
    // The whole life, as far as the disk lets it.
    void live(SimulatedDisk& disk) {
        done_ = 0;
        use(disk);
        auto store = FirmwareStore::open(simulated_.file(kFile), kSimulatedVfs);
        if (!store) return;
        while (done_ < life().size() && life()[done_](**store)) ++done_;
    }

    // What was answered, or one step more: that one's answer never came.
    void judge(const DiskImage& image, Tally& tally) {
        put(image, real_);
        const auto told = told_by_file(real_.file(kFile));
        ++tally.disks;
        const bool next = done_ < life().size() && told == chapters_[done_ + 1];
        if (told == chapters_[done_] || next) return;
        if (tally.broken++ == 0) tally.first = "after " + std::to_string(done_) + " steps: " + told;
    }

    std::string directory() const { return simulated_.path().string(); }

  private:
    FastDirectory simulated_;
    FastDirectory real_;
    std::vector<std::string> chapters_ = chapters();
    std::size_t done_ = 0;
};

Tally cut_everywhere(bool lies) {
    Trial trial;
    Tally tally;
    std::mt19937 random(kSeed);
    for (std::uint64_t call = 1; call < kCutsMax; ++call) {
        SimulatedDisk disk(trial.directory());
        if (lies) disk.lie_about_syncs();
        disk.cut_power_in(call);
        trial.live(disk);
        if (disk.powered()) return tally;
        for (int i = 0; i < kSurvivorsOfCut; ++i) trial.judge(disk.survivors(random), tally);
    }
    FAIL("it never ends");
    return tally;
}

}  // namespace

TEST_CASE("no power cut takes an update, its image or its floor", "[proof][firmware]") {
    const Tally tally = cut_everywhere(false);
    INFO(tally.first);
    CHECK(tally.disks > 200);
    CHECK(tally.broken == 0);
    WARN(
        std::to_string(tally.disks) + " disks after a cut, " + std::to_string(tally.broken) +
        " broken"
    );
}

TEST_CASE("the proof of updates sees a disk that does not sync", "[proof][control]") {
    CHECK(cut_everywhere(true).broken > 0);
}

TEST_CASE("a disk that fails or is full keeps what updates it had", "[proof][firmware]") {
    using Kind = DiskFault::Kind;
    const auto kind = GENERATE(Kind::io_error, Kind::full, Kind::short_write, Kind::sync_error);
    Trial trial;
    Tally tally;
    std::mt19937 random(kSeed);
    bool has_failed = true;
    for (std::uint64_t call = 1; has_failed && call < kCutsMax; ++call) {
        SimulatedDisk disk(trial.directory());
        disk.fail({kind, call, true});
        trial.live(disk);
        has_failed = disk.failures() > 0;
        trial.judge(disk.seen(), tally);
        trial.judge(disk.survivors(random), tally);
    }
    INFO(tally.first);
    CHECK(tally.disks > 20);
    CHECK(tally.broken == 0);
}
