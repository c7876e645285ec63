#pragma once
#include "gateway/observe/problems.hpp"
#include "gateway/observe/report.hpp"
#include "gateway/quarantine/vault.hpp"
#include "gateway/settings/settings.hpp"

#include <boost/asio/any_io_executor.hpp>

#include <memory>
#include <string>

namespace gateway {

// The quarantine of the configuration; null where there is none. Blocks. An error is what to tell
// the operator.
model::Result<std::unique_ptr<quarantine::Vault>, std::string> open_quarantine(
    const boost::asio::any_io_executor& reactor,
    const runtime::WallClock& clock,
    const settings::Settings& settings,
    observe::Log& log
);

observe::QuarantineReport quarantine_report(
    const quarantine::Vault& vault, const settings::Quarantine& settings
);

// Raises and clears what the operator must know of the quarantine.
void watch_quarantine(const quarantine::Vault::Figures& figures, observe::Problems& problems);

}  // namespace gateway
