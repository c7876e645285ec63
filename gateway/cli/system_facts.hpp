#pragma once
#include <string>
#include <vector>

namespace gateway::cli {

// What the box is, as JSON: release, kernel, machine, memory, load, and the room on the disks that
// `places` lie on, which are told by their number alone. No name of the box, no serial number.
std::string system_facts(const std::vector<std::string>& places);

}  // namespace gateway::cli
