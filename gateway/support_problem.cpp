#include "gateway/support_problem.hpp"

#include "gateway/language/translate.hpp"
#include "gateway/model/support_end.hpp"

namespace gateway {

using language::tr;

void watch_support(const runtime::TrustedClock& clock, observe::Problems& problems) {
    constexpr const char* kCode = "support-ended";
    if (!clock.is_trusted() || !model::has_support_ended(clock.now())) return problems.clear(kCode);
    const auto text =
        tr("The support of version {0} ended on {1}: faults that are found in it are not mended "
           "any more. Install a newer version (apt install passerelle).",
           {PASSERELLE_VERSION, model::support_end()});
    problems.raise(kCode, text, false);
}

}  // namespace gateway
