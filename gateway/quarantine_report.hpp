#pragma once
#include "gateway/observe/problems.hpp"
#include "gateway/observe/report.hpp"
#include "gateway/quarantine/vault.hpp"
#include "gateway/settings/settings.hpp"

namespace gateway {

observe::QuarantineReport quarantine_report(
    const quarantine::Vault& vault, const settings::Quarantine& settings
);

// Raises and clears what the operator must know of the quarantine.
void watch_quarantine(const quarantine::Vault::Figures& figures, observe::Problems& problems);

}  // namespace gateway
