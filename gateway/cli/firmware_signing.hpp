#pragma once
#include "gateway/cli/command.hpp"

#include <cstdint>
#include <string>

namespace gateway::cli {

// What `firmware sign` is told.
struct FirmwareSigning {
    std::string key_file;
    std::string vendor;
    std::string device_class;
    std::uint32_t sequence = 0;
    std::string expires;  // a day, which is the last, or a time of RFC 3339
    std::string node;     // empty: all of the class
    std::uint32_t base = 0;
    std::string image;                       // a file; empty: settings
    std::uint32_t reporting_interval_s = 0;  // 0: an image
    std::string output;                      // a file; empty: beside the image
};

// Signs a manifest with the city's private key, and writes it. The exit status: kExitOk; kExitUsage
// for a manifest that no device could take; kExitUnavailable where a file cannot be read or
// written.
int sign_firmware(const FirmwareSigning& order, CommandContext& context);

}  // namespace gateway::cli
