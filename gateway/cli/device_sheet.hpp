#pragma once
#include "gateway/cli/device_entrance.hpp"

#include <string>

namespace gateway::cli {

// What a device is told, once: how it reaches the gateway and by what it proves who it is.
struct DeviceSheet {
    const Entrance& entrance;
    std::string name;
    std::string host;              // under which the device reaches the gateway
    std::string secret;            // the password, or the text of the key
    std::string certificate_file;  // and of its key; of a certificate
    std::string key_file;
};

// The sheet for a terminal: the values one by one, a line with all of them, a command that tries
// them and, where they fit, a QR code with them as JSON: url, topic or path, user or identity, and
// the secret.
std::string sheet_text(const DeviceSheet& sheet, bool with_code);

}  // namespace gateway::cli
