#include "gateway/doctor/support_checks.hpp"

#include "gateway/language/translate.hpp"
#include "gateway/model/support_end.hpp"

namespace gateway::doctor {

using language::tr;

Check check_support(const ClockFacts& clock) {
    constexpr const char* kCode = "support";
    const std::string end = model::support_end();
    if (!model::has_support_ended(clock.now))
        return in_order(
            kCode, tr("Version {0} gets corrections until {1}.", {PASSERELLE_VERSION, end})
        );
    if (!clock.is_synchronised && clock.trust != settings::Clock::Trust::always)
        return skipped(kCode, tr("The clock is past {0}, but nobody vouches for it.", {end}));
    return {
        kCode,
        Severity::warning,
        tr("The support of version {0} ended on {1}.", {PASSERELLE_VERSION, end}),
        tr("Faults that are found in it are not mended any more, those that let personal data out "
           "neither."),
        tr("install a newer version: apt update && apt install passerelle; where there is none, "
           "bring the box to a newer Debian first")};
}

}  // namespace gateway::doctor
