#include "gateway/doctor/sync_checks.hpp"

#include "gateway/doctor/disk_checks.hpp"
#include "gateway/doctor/small_file.hpp"
#include "gateway/language/translate.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdlib>

namespace gateway::doctor {
namespace {

using language::tr;
using std::chrono::microseconds;
using std::chrono::milliseconds;

constexpr std::size_t kPageBytes = 4096;
constexpr milliseconds kSlow{250};  // some commits a second
constexpr milliseconds kTooSlow{2000};
constexpr microseconds kFlashMin{150};     // quicker than cells of flash are written
constexpr microseconds kPlatterMin{1000};  // quicker than a platter turns

class ScratchFile {
  public:
    explicit ScratchFile(const std::string& directory) {
        std::string name = directory + "/.doctor-XXXXXX";
        number_ = ::mkostemp(name.data(), O_CLOEXEC);
        if (number_ >= 0) ::unlink(name.c_str());
    }
    ~ScratchFile() {
        if (number_ >= 0) ::close(number_);
    }
    ScratchFile(const ScratchFile&) = delete;
    ScratchFile& operator=(const ScratchFile&) = delete;

    bool is_open() const { return number_ >= 0; }

    bool append_synced(std::size_t round) const {
        std::array<char, kPageBytes> page{};
        page.fill(static_cast<char>(round));  // no two alike
        const auto offset = static_cast<off_t>(round * kPageBytes);
        return ::pwrite(number_, page.data(), page.size(), offset) ==
                   static_cast<ssize_t>(page.size()) &&
               ::fdatasync(number_) == 0;
    }

  private:
    int number_;
};

boost::system::error_code last_error() {
    return {errno, boost::system::system_category()};
}

std::string time_words(microseconds time) {
    if (time < milliseconds{1}) return std::to_string(time.count()) + " µs";
    return std::to_string(std::chrono::round<milliseconds>(time).count()) + " ms";
}

Check latency(const SyncTimes& sorted) {
    constexpr const char* kCode = "sync-latency";
    const auto median = sorted[sorted.size() / 2];
    const auto text =
        tr("The disk says after {0} that a page is written, at worst after {1}.",
           {time_words(median), time_words(sorted.back())});
    if (median < kSlow && sorted.back() < kTooSlow) return in_order(kCode, text);
    return {
        kCode,
        median >= kTooSlow ? Severity::failure : Severity::warning,
        text,
        tr("Every device waits for so long for its acknowledgement, and few readings are taken in "
           "a second."),
        tr("look what else writes (iotop -o); a card that has become slow is wearing out: replace "
           "it by one made for constant writing")};
}

Check suspicion(const std::string& finding) {
    return {
        "sync-honesty",
        Severity::warning,
        finding,
        tr("It may say \"written\" too early: then readings that were acknowledged are lost when "
           "the power goes."),
        tr("only a cut of the power under load can prove it; use a card or disk that is made for "
           "it, or power it from a battery")};
}

Check honesty(microseconds median, const std::optional<BlockDevice>& device, bool is_rotational) {
    constexpr const char* kCode = "sync-honesty";
    if (!device) return skipped(kCode, tr("The kernel names no disk under this file system."));
    if (device->is_virtual()) {
        return skipped(
            kCode,
            tr("{0} is virtual: only its host knows when something is written.", {device->disk})
        );
    }
    const auto time = time_words(median);
    if (device->is_card() && median < kFlashMin)
        return suspicion(
            tr("The card {0} syncs in {1}: flash is not written so quickly.", {device->disk, time})
        );
    if (is_rotational && median < kPlatterMin)
        return suspicion(
            tr("The disk {0} syncs in {1}: it does not turn so quickly.", {device->disk, time})
        );
    return in_order(
        kCode,
        tr("{0} takes long enough to have written. Only a cut of the power would prove it.",
           {device->disk})
    );
}

}  // namespace

model::Result<SyncTimes> measure_syncs(const std::string& directory) {
    using Steady = std::chrono::steady_clock;
    const ScratchFile file(directory);
    if (!file.is_open()) return last_error();
    SyncTimes times;
    const auto end = Steady::now() + kSyncTimeMax;
    for (std::size_t round = 0; round < kSyncRoundsMax && Steady::now() < end; ++round) {
        const auto begin = Steady::now();
        if (!file.append_synced(round)) return last_error();
        times.push_back(std::chrono::ceil<microseconds>(Steady::now() - begin));
    }
    return times;
}

Checks judge_syncs(SyncTimes times, const std::optional<BlockDevice>& device, bool is_rotational) {
    std::sort(times.begin(), times.end());
    return {latency(times), honesty(times[times.size() / 2], device, is_rotational)};
}

Checks check_syncs(const std::string& directory, const std::string& sys) {
    const std::string there = existing(directory);
    auto times = measure_syncs(there);
    if (!times) {
        const auto why =
            tr("No file can be written in {0} to measure with: {1}",
               {there, times.error().message()});
        return {skipped("sync-latency", why), skipped("sync-honesty", why)};
    }
    struct stat status {};
    ::stat(there.c_str(), &status);
    const auto device = find_block_device(status.st_dev, sys);
    const bool is_rotational =
        device && read_number(device->directory + "/queue/rotational") == std::int64_t{1};
    return judge_syncs(*std::move(times), device, is_rotational);
}

}  // namespace gateway::doctor
