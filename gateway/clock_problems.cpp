#include "gateway/clock_problems.hpp"

#include "gateway/language/translate.hpp"
#include "gateway/status/words.hpp"

namespace gateway {
namespace {

using language::tr;
using status::time_words;

void watch_trust(const Timekeeper& timekeeper, observe::Problems& problems) {
    const runtime::TrustedClock& clock = timekeeper.clock();
    constexpr const char* kCode = "clock-not-trusted";
    if (clock.is_trusted()) return problems.clear(kCode);
    const std::string system = time_words(clock.system_now());
    if (clock.is_synchronised()) {
        const auto text =
            tr("The clock of the box says {0}, but it was later than that already: {1}. It is not "
               "used. Check who sets it; if the later time was wrong, remove {2} and restart the "
               "gateway.",
               {system, time_words(clock.floor()), timekeeper.file()});
        return problems.raise(kCode, text, false);
    }
    const auto text =
        tr("The clock of the box is not set; it says {0}. Readings without a time of their own are "
           "kept and get their time when it is. Check that NTP passes the network (UDP port 123); "
           "if the box has a battery for its clock, write trust = \"always\" in [clock].",
           {system});
    problems.raise(kCode, text, false);
}

void watch_jumps(const runtime::TrustedClock& clock, observe::Problems& problems) {
    constexpr const char* kCode = "clock-jumped";
    if (!clock.is_trusted() || !clock.system_is_off()) return problems.clear(kCode);
    const auto text =
        tr("The clock of the box jumped to {0}. The gateway goes on by its own count and has {1}. "
           "Check who sets the clock.",
           {time_words(clock.system_now()), time_words(clock.now())});
    problems.raise(kCode, text, false);
}

}  // namespace

void watch_clock(const Timekeeper& timekeeper, observe::Problems& problems) {
    watch_trust(timekeeper, problems);
    watch_jumps(timekeeper.clock(), problems);
}

bool misleads_certificates(const runtime::TrustedClock& clock) {
    return !clock.is_trusted() || clock.system_is_off();
}

}  // namespace gateway
