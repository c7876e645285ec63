#pragma once
#include <string>

namespace gateway::cli {

// Who runs this command, for others to read.
struct Technician {
    std::string name;     // of the user, also behind sudo
    std::string machine;  // where the user came from by SSH; empty: this one, or it is not known
};

Technician this_technician();

}  // namespace gateway::cli
