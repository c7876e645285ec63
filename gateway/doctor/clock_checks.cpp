#include "gateway/doctor/clock_checks.hpp"

#include "gateway/doctor/directory.hpp"
#include "gateway/doctor/small_file.hpp"
#include "gateway/language/translate.hpp"
#include "gateway/runtime/last_good_time.hpp"
#include "gateway/runtime/time_service.hpp"
#include "gateway/status/words.hpp"

#include <algorithm>
#include <array>
#include <filesystem>
#include <string_view>

namespace gateway::doctor {
namespace {

namespace fs = std::filesystem;
using language::tr;
using settings::Clock;
using status::duration_words;
using status::time_words;
using std::chrono::seconds;

constexpr model::Instant kReleased{seconds{PASSERELLE_RELEASE_TIME}};
constexpr seconds kStepBackMax{60};  // a correction, no wrong date
constexpr std::size_t kProcessesMax = 4096;
// As the kernel names them, in 15 characters.
constexpr std::array<std::string_view, 5> kServices{
    "systemd-timesyn", "chronyd", "ntpd", "ntpsec", "openntpd"};

// The first process that sets clocks.
std::string running_service(const std::string& proc) {
    std::string service;
    for_each_entry(proc, kProcessesMax, [&](const fs::path& entry) {
        if (!service.empty() || !is_process(entry)) return;
        const auto name = read_small_file((entry / "comm").string());
        if (name && std::find(kServices.begin(), kServices.end(), *name) != kServices.end())
            service = *name;
    });
    return service;
}

bool is_vouched_for(const Clock& clock) {
    if (clock.trust == Clock::Trust::mark)
        return runtime::MarkTimeService(clock.mark).has_set_clock();
    return runtime::KernelTimeService(clock.mark).has_set_clock();
}

Check date(const ClockFacts& clock) {
    constexpr const char* kCode = "clock-date";
    const auto now = time_words(clock.now);
    const auto set =
        tr("let NTP through (UDP port 123), or set it by hand (date -u -s '2026-01-31 12:00:00') "
           "and restart the gateway");
    const auto harm =
        tr("Certificates seem not to be valid yet, and readings wait for their date.");
    if (clock.now < kReleased) {
        return {
            kCode,
            Severity::failure,
            tr("The clock says {0}; this program is newer than that.", {now}),
            harm,
            set};
    }
    if (clock.last_run && clock.now + kStepBackMax < *clock.last_run) {
        return {
            kCode,
            Severity::failure,
            tr("The clock says {0}, but the gateway has seen {1} already.",
               {now, time_words(*clock.last_run)}),
            harm,
            set};
    }
    return in_order(kCode, tr("The clock says {0}.", {now}));
}

Check synchronised(const ClockFacts& clock) {
    constexpr const char* kCode = "clock-synchronised";
    if (clock.is_synchronised) return in_order(kCode, tr("Who sets the clock vouches for it."));
    if (clock.trust == Clock::Trust::always)
        return in_order(
            kCode, tr("Nobody vouches for the clock; the configuration does (trust = \"always\").")
        );
    return {
        kCode,
        Severity::warning,
        tr("Nobody vouches for the clock: it is not synchronised."),
        tr("After a start readings without a time of their own wait until it is."),
        tr("see what timedatectl says, and let NTP through (UDP port 123)")};
}

Check service(const ClockFacts& clock) {
    constexpr const char* kCode = "clock-service";
    if (!clock.service.empty()) return in_order(kCode, tr("{0} sets the clock.", {clock.service}));
    const bool is_meant = clock.trust != Clock::Trust::kernel;
    return {
        kCode,
        is_meant ? Severity::notice : Severity::warning,
        tr("No program is running that sets the clock."),
        tr("It drifts by seconds a day, and knows no date after a start without a battery."),
        tr("run: apt install systemd-timesyncd && systemctl enable --now systemd-timesyncd")};
}

Check battery(const ClockFacts& clock) {
    constexpr const char* kCode = "clock-battery";
    if (clock.has_battery) return in_order(kCode, tr("The box has a real-time clock."));
    const bool is_needed = clock.trust == Clock::Trust::always;
    return {
        kCode,
        is_needed ? Severity::warning : Severity::notice,
        tr("The box has no real-time clock (/sys/class/rtc is empty)."),
        is_needed
            ? tr("After a start without network the date is wrong, and the configuration says "
                 "that it is right.")
            : tr("After a start without network it does not know the date; readings wait for "
                 "it."),
        is_needed ? tr("write trust = \"kernel\" in [clock], or add a real-time clock")
                  : tr("nothing where the network comes back within hours; otherwise add a "
                       "real-time clock")};
}

Check source(const ClockFacts& clock) {
    constexpr const char* kCode = "clock-source";
    if (!clock.source) return skipped(kCode, tr("The kernel does not name its clock source."));
    if (*clock.source != "jiffies" && *clock.source != "refined-jiffies")
        return in_order(kCode, tr("The kernel counts time by {0}.", {*clock.source}));
    return {
        kCode,
        Severity::warning,
        tr("The kernel counts time by {0}, the coarsest way.", {*clock.source}),
        tr("The clock drifts, and waits are inexact."),
        tr("look for its reason: dmesg | grep -i clocksource")};
}

}  // namespace

ClockFacts read_clock(const settings::Settings& settings, const Places& places) {
    using Milliseconds = model::Instant::duration;
    ClockFacts clock;
    clock.trust = settings.clock.trust;
    clock.now = std::chrono::time_point_cast<Milliseconds>(std::chrono::system_clock::now());
    const runtime::LastGoodTimeFile file(settings.gateway.state_directory + "/clock");
    if (const auto last = file.load()) clock.last_run = last->time;
    clock.is_synchronised = is_vouched_for(settings.clock);
    for_each_entry(places.sys + "/class/rtc", 1, [&](const fs::path& /*entry*/) {
        clock.has_battery = true;
    });
    clock.service = running_service(places.proc);
    clock.source = read_small_file(
        places.sys + "/devices/system/clocksource/clocksource0/current_clocksource"
    );
    return clock;
}

Checks judge_clock(const ClockFacts& clock) {
    return {date(clock), synchronised(clock), service(clock), battery(clock), source(clock)};
}

Check judge_skew(const std::string& recipient, model::Instant told, model::Instant now) {
    constexpr const char* kCode = "clock-skew";
    const auto ahead = std::chrono::duration_cast<seconds>(now - told);
    if (std::chrono::abs(ahead) <= kSkewMax)
        return in_order(kCode, tr("The clocks of this box and of {0} agree.", {recipient}));
    const auto by = duration_words(std::chrono::abs(ahead).count());
    return {
        kCode,
        Severity::warning,
        ahead.count() > 0
            ? tr("The clock of this box is {0} ahead of that of {1}.", {by, recipient})
            : tr("The clock of this box is {0} behind that of {1}.", {by, recipient}),
        tr("Readings are dated wrongly, and certificates may be refused."),
        tr("see what timedatectl says, and let NTP through (UDP port 123)")};
}

}  // namespace gateway::doctor
