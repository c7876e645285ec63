#pragma once
#include "gateway/cli/device_credentials.hpp"

#include <optional>
#include <string>

namespace gateway::cli {

// Where the certificate of a device and its key are to be written.
struct CertificatePlace {
    std::string directory;
    std::string name;  // of the device

    DeviceCredentials::Files files() const;

    struct Hindrance {
        int status = 0;  // of the command
        std::string text;
    };
    // Why nothing can be written there, before anything is made. Looks at the disk.
    std::optional<Hindrance> hindrance() const;
};

}  // namespace gateway::cli
