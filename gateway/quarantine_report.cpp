#include "gateway/quarantine_report.hpp"

#include "gateway/language/translate.hpp"

#include <string>

namespace gateway {

using language::tr;

observe::QuarantineReport quarantine_report(
    const quarantine::Vault& vault, const settings::Quarantine& settings
) {
    const auto& figures = vault.figures();
    const auto& written = figures.written;
    observe::QuarantineReport report;
    report.records = written.ring.records;
    report.bytes = written.ring.bytes;
    report.size_max = settings.size_max;
    report.sealed = written.sealed;
    report.expired = written.ring.expired;
    report.damaged = written.ring.damaged;
    report.lost = {
        {"evicted", written.ring.evicted},
        {"queue-full", figures.queue_full},
        {"spared-flash", written.spared},
        {"too-large", written.too_large},
        {"write-failed", written.write_failed}};
    std::erase_if(report.lost, [](const auto& cause) { return cause.second == 0; });
    return report;
}

void watch_quarantine(const quarantine::Vault::Figures& figures, observe::Problems& problems) {
    if (!figures.written.failure) {
        problems.clear("quarantine-unwritable");
    } else {
        const auto text =
            tr("The quarantine cannot be written ({0}): what is refused is not kept. Check the "
               "disk.",
               {figures.written.failure.message()});
        problems.raise("quarantine-unwritable", text, false);
    }
    if (figures.lost() == 0) return;
    problems.raise(
        "quarantine-loses",
        tr("More is refused than the quarantine can keep; /status says how many records were lost "
           "and why. Look for the device that sends what cannot be taken, or give the quarantine "
           "more room (size_max)."),
        false
    );
}

}  // namespace gateway
