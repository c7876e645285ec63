#include "gateway/quarantine_report.hpp"

#include "gateway/language/failure.hpp"
#include "gateway/language/translate.hpp"
#include "gateway/quarantine/sealed_files.hpp"

#include <string>

namespace gateway {

using language::tr;

model::Result<std::unique_ptr<quarantine::Vault>, std::string> open_quarantine(
    const boost::asio::any_io_executor& reactor,
    const runtime::WallClock& clock,
    const settings::Settings& settings,
    observe::Log& log
) {
    const auto directory = quarantine::vault_directory(settings.gateway.state_directory);
    if (settings.privacy.quarantine.officer_key.empty()) {
        if (!quarantine::sealed_files(directory).empty()) {
            log.warning(
                "quarantine-left",
                tr("The quarantine is off, and {0} holds records that "
                   "nobody removes: open and remove them.",
                   {directory})
            );
        }
        return std::unique_ptr<quarantine::Vault>{};
    }
    auto vault = quarantine::Vault::open(reactor, clock, settings);
    if (vault) return std::move(*vault);
    return tr(
        "The quarantine {0} cannot be opened, or its officer_key protects nothing: {1}",
        {directory, language::failure_words(vault.error())}
    );
}

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
               {language::failure_words(figures.written.failure)});
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
