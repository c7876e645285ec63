#pragma once
#include <sys/types.h>

#include <optional>
#include <string>

namespace gateway::runtime {

// A group of the system by its name. Nothing: there is none. May ask a server of names.
std::optional<gid_t> find_group(const std::string& name);

}  // namespace gateway::runtime
