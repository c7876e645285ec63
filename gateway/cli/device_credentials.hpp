#pragma once
#include "gateway/cli/device_entrance.hpp"
#include "gateway/model/result.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

namespace gateway::cli {

// What devices have at the entrances of a configuration: in files of passwords and keys, and with
// the authority below the state directory. Blocks.
class DeviceCredentials {
  public:
    explicit DeviceCredentials(std::string state_directory)
        : state_directory_(std::move(state_directory)) {}

    struct Holder {
        std::string name;
        std::string until;           // RFC 3339; empty: without an end
        bool is_configured = false;  // its key has a file of its own, which the configuration names
    };
    model::Result<std::vector<Holder>> holders(const Entrance& entrance) const;

    // Gives the device a new password or key, in the place of what it had; the secret's text.
    model::Result<std::string> give_secret(const Entrance& entrance, const std::string& name) const;

    // Gives it a certificate, besides what it has; written with its key to these files, which are
    // not there yet, for their owner alone.
    struct Files {
        std::string certificate;
        std::string key;
    };
    model::Result<void> give_certificate(const std::string& name, const Files& files) const;

    // A new certificate, in the place of those that the name has; they hold until it is written.
    model::Result<void> renew_certificate(const std::string& name, const Files& files) const;

    // Takes everything of the entrance from it; false if it had nothing.
    model::Result<bool> take(const Entrance& entrance, const std::string& name) const;

  private:
    model::Result<std::vector<std::string>> serials_of(const std::string& name) const;

    std::string state_directory_;
};

}  // namespace gateway::cli
