#pragma once
#include "gateway/model/result.hpp"
#include "gateway/observe/log.hpp"
#include "gateway/runtime/device_keys.hpp"
#include "gateway/settings/settings.hpp"

#include <map>
#include <optional>
#include <string>

namespace gateway::ingest {

// The keys of a source's devices: those of the file that `device_keys` names, and those that have a
// file each. A name that has both is in neither's favour: an error, as is a file that cannot be
// used, of which the log says what is wrong. Reads small files: may be called on the reactor.
model::Result<runtime::DeviceKeys> read_device_keys(
    const std::optional<settings::Secret>& device_keys,
    const std::map<std::string, settings::Secret>& pre_shared_keys,
    observe::Log& log
);

// Says that a file of keys was read again.
void report_renewed(const std::string& file, observe::Log& log);

}  // namespace gateway::ingest
