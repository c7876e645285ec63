#include "gateway/doctor/system_checks.hpp"

#include "gateway/doctor/directory.hpp"
#include "gateway/doctor/small_file.hpp"
#include "gateway/language/translate.hpp"
#include "gateway/status/words.hpp"

#include <algorithm>
#include <filesystem>
#include <limits>
#include <optional>
#include <sstream>
#include <string>

namespace gateway::doctor {
namespace {

namespace fs = std::filesystem;
using language::tr;
using status::bytes_words;

constexpr std::uint64_t kMemoryMin = 32ULL << 20;
constexpr std::uint64_t kMemoryLow = 64ULL << 20;
constexpr std::int64_t kHot = 80'000;     // thousandths of a degree: boards slow down
constexpr std::uint64_t kOwnFiles = 128;  // of the gateway beside its connections
constexpr std::uint64_t kLockedBytesMin = 1ULL << 20;
constexpr std::size_t kSensorsMax = 64;

Check memory(const std::string& proc) {
    constexpr const char* kCode = "memory";
    const auto text = read_small_file(proc + "/meminfo");
    const auto available = number_of_line(text.value_or(""), "MemAvailable");
    if (!available) return skipped(kCode, tr("The kernel does not tell about its memory."));
    const std::uint64_t bytes = *available * 1024;
    const auto finding = tr("{0} of memory are free.", {bytes_words(bytes)});
    if (bytes >= kMemoryLow) return in_order(kCode, finding);
    return {
        kCode,
        bytes < kMemoryMin ? Severity::failure : Severity::warning,
        finding,
        tr("When there is none left the kernel ends a program, perhaps the gateway."),
        tr("find the program that takes it (ps aux --sort=-rss | head) and restart or remove it")};
}

Check kills(const std::string& proc) {
    constexpr const char* kCode = "memory-kills";
    const auto text = read_small_file(proc + "/vmstat");
    const auto count = number_of_line(text.value_or(""), "oom_kill");
    if (!count) return skipped(kCode, tr("The kernel does not count programs that it ended."));
    if (*count == 0)
        return in_order(kCode, tr("No program was ended for want of memory since the start."));
    return {
        kCode,
        Severity::warning,
        tr("{0} programs were ended for want of memory since the start of the box.",
           {std::to_string(*count)}),
        tr("The gateway may have been one; it loses nothing that it acknowledged."),
        tr("see which: journalctl -k | grep -i 'out of memory'")};
}

// /proc/swaps: a head, then file name, type, size in KiB, used, priority.
Check swap(const std::string& proc) {
    constexpr const char* kCode = "swap";
    std::istringstream lines(read_small_file(proc + "/swaps").value_or(""));
    std::string line;
    std::getline(lines, line);
    while (std::getline(lines, line)) {
        const std::string name = line.substr(0, line.find_first_of(" \t"));
        if (name.starts_with("/dev/zram") || name.starts_with("/zram")) continue;
        return {
            kCode,
            Severity::warning,
            tr("The box swaps memory to {0}.", {name}),
            tr("What is personal may get to the disk on its way through the gateway, and a card "
               "wears out."),
            tr("run: swapoff -a (and take it out of /etc/fstab; on a Raspberry Pi: apt purge "
               "dphys-swapfile)")};
    }
    return in_order(kCode, tr("Memory is not swapped to a disk."));
}

Check temperature(const std::string& sys) {
    constexpr const char* kCode = "temperature";
    std::int64_t hottest = std::numeric_limits<std::int64_t>::min();
    for_each_entry(sys + "/class/thermal", kSensorsMax, [&](const fs::path& zone) {
        if (const auto read = read_number((zone / "temp").string()))
            hottest = std::max(hottest, *read);
    });
    if (hottest == std::numeric_limits<std::int64_t>::min())
        return skipped(kCode, tr("The kernel shows no thermometer."));
    const auto finding = tr("The box is at {0} °C.", {std::to_string(hottest / 1000)});
    if (hottest < kHot) return in_order(kCode, finding);
    return {
        kCode,
        Severity::warning,
        finding,
        tr("It slows down, and cards and capacitors age quickly."),
        tr("give it shade and air: clean filters and fans, look at the cabinet")};
}

// The supply of a Raspberry Pi: the sensor "rpi_volt" remembers that it fell too low.
Check power(const std::string& sys) {
    constexpr const char* kCode = "power";
    std::optional<bool> has_fallen;
    for_each_entry(sys + "/class/hwmon", kSensorsMax, [&](const fs::path& sensor) {
        if (read_small_file((sensor / "name").string()) == "rpi_volt")
            has_fallen = read_number((sensor / "in0_lcrit_alarm").string()).value_or(0) != 0;
    });
    if (!has_fallen) return skipped(kCode, tr("The board does not watch its supply."));
    if (!*has_fallen)
        return in_order(kCode, tr("The supply has not fallen too low since the start."));
    return {
        kCode,
        Severity::warning,
        tr("The supply fell too low since the start of the box."),
        tr("Writes may be cut off: this is how cards are damaged."),
        tr("use the supply that belongs to the board, with a short thick cable; take off what "
           "is fed by its USB ports")};
}

// "Max open files            1024                 524288               files": soft, then hard.
std::optional<std::uint64_t> limit_of(
    const std::string& limits, const std::string& name, bool is_hard
) {
    std::istringstream lines(limits);
    for (std::string line; std::getline(lines, line);) {
        if (!line.starts_with(name)) continue;
        std::istringstream words(line.substr(name.size()));
        std::string soft;
        std::string hard;
        words >> soft >> hard;
        const std::string& word = is_hard ? hard : soft;
        if (word == "unlimited") return std::numeric_limits<std::uint64_t>::max();
        std::uint64_t number = 0;
        if (std::istringstream(word) >> number) return number;
    }
    return std::nullopt;
}

Check open_files(const settings::Settings& settings, const std::string& limits) {
    constexpr const char* kCode = "open-files";
    std::uint64_t wanted = kOwnFiles;
    for (const auto& source : settings.sources) {
        const auto* listener = std::get_if<settings::MqttListener>(&source.driver);
        if (listener != nullptr) wanted += static_cast<std::uint64_t>(listener->connections_max);
    }
    // The gateway raises its limit to the hard one.
    const auto allowed = limit_of(limits, "Max open files", true);
    if (!allowed) return skipped(kCode, tr("The kernel does not tell the limits of the process."));
    if (*allowed >= wanted)
        return in_order(
            kCode, tr("The gateway may open {0} files and connections.", {std::to_string(*allowed)})
        );
    return {
        kCode,
        Severity::warning,
        tr("The gateway may open {0} files and connections; with connections_max it needs {1}.",
           {std::to_string(*allowed), std::to_string(wanted)}),
        tr("The last devices that connect are not let in."),
        tr("write LimitNOFILE={0} into the unit, or a smaller connections_max",
           {std::to_string(wanted)})};
}

Check locked_memory(const std::string& limits, bool is_gateway) {
    constexpr const char* kCode = "locked-memory";
    if (!is_gateway)
        return skipped(kCode, tr("The limit of the gateway is known only while it runs."));
    const auto allowed = limit_of(limits, "Max locked memory", false);
    if (!allowed) return skipped(kCode, tr("The kernel does not tell the limits of the process."));
    if (*allowed >= kLockedBytesMin)
        return in_order(kCode, tr("The gateway may keep its keys out of swap."));
    return {
        kCode,
        Severity::warning,
        tr("The gateway may lock {0} of memory only.", {bytes_words(*allowed)}),
        tr("Keys may get into swap."),
        tr("write LimitMEMLOCK=8M into the unit, or switch swap off")};
}

}  // namespace

Checks check_system(
    const settings::Settings& settings, std::optional<pid_t> gateway, const Places& places
) {
    const std::string process = gateway ? std::to_string(*gateway) : std::string{"self"};
    const auto limits = read_small_file(places.proc + '/' + process + "/limits").value_or("");
    return {
        memory(places.proc),
        kills(places.proc),
        swap(places.proc),
        temperature(places.sys),
        power(places.sys),
        open_files(settings, limits),
        locked_memory(limits, gateway.has_value())};
}

}  // namespace gateway::doctor
