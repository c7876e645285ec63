#pragma once
#include <string>

namespace gateway::doctor {

// Where the system tells about itself; another tree in a test.
struct Places {
    std::string proc = "/proc";
    std::string sys = "/sys";
    std::string resolver = "/etc/resolv.conf";
};

}  // namespace gateway::doctor
