#pragma once
#include "gateway/settings/document.hpp"
#include "gateway/settings/settings.hpp"

namespace gateway::settings {

// Reports what is wrong between parts of a configuration that are right on their own. A part that
// is missing or was refused gives no second diagnostic here.
void cross_check(const Settings& settings, const Table& document, Diagnostics& diagnostics);

// Those of the sources: topics, listeners, how devices are told apart.
void check_sources(const Settings& settings, const Table& document, Diagnostics& diagnostics);

// Those of serial lines: their devices, and the nodes on them.
void check_serial_lines(const Settings& settings, const Table& document, Diagnostics& diagnostics);

// Those of what sources map: quantities and units.
void check_mappings(const Settings& settings, const Table& document, Diagnostics& diagnostics);

// Those of sums: their datasets, quantities and groups. Who the members are is not looked at.
void check_sums(const Settings& settings, const Table& document, Diagnostics& diagnostics);

// Those of contracts with recipients: that they speak of what is there and can be kept.
void check_contracts(const Settings& settings, const Table& document, Diagnostics& diagnostics);

// Those of what datasets and recipients learn of persons: errors where [privacy] is strict,
// otherwise warnings.
void check_privacy(const Settings& settings, const Table& document, Diagnostics& diagnostics);

}  // namespace gateway::settings
