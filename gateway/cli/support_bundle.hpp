#pragma once
#include "gateway/cli/command.hpp"
#include "gateway/cli/store_inspector.hpp"

#include <string>
#include <vector>

namespace gateway::cli {

struct BundleFile {
    std::string name;
    std::string content;
    std::string words;  // what it is, for whoever decides whether it may leave
};

struct Bundle {
    std::vector<BundleFile> files;
    bool is_examined = true;  // otherwise the command has to leave_at_once()
};

// What a helpdesk needs to know of this box, redacted (redaction.hpp): each file in memory. What
// cannot be had, since no gateway answers or the configuration cannot be read, is a file less, or
// one that says so. Takes as long as `doctor`.
Bundle make_bundle(
    const std::string& configuration, StoreInspector& inspector, CommandContext& context
);

}  // namespace gateway::cli
