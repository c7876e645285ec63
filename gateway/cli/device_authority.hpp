#pragma once
#include "gateway/cli/credential_file.hpp"
#include "gateway/cli/x509.hpp"
#include "gateway/model/result.hpp"

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace gateway::cli {

// The gateway's own authority for its devices' certificates, in <state_directory>/ca: `ca.key`
// (mode 0600), `ca.crt`, which a source names as its tls.ca_file, `crl.pem`, which it names as its
// tls.crl_file, and `issued`, lines "serial:name expiry". Keys are of P-256. Blocks.
class DeviceAuthority {
  public:
    explicit DeviceAuthority(const std::string& state_directory)
        : directory_(state_directory + "/ca") {}

    std::string certificate_file() const { return directory_ + "/ca.crt"; }
    std::string crl_file() const { return directory_ + "/crl.pem"; }

    // Whether there is one already.
    bool exists() const;
    // Makes it, for a gateway of this id. What is there already is an error, and stays.
    model::Result<void> make(std::string_view gateway) const;

    // A certificate of this name, which is written down; its key is kept nowhere.
    model::Result<x509::Issued> issue(const std::string& name) const;
    // The same is undone of one that nobody was given.
    model::Result<void> withdraw(const std::string& serial) const;

    struct Issued {
        std::string serial;  // hexadecimal
        std::string name;
        std::string expiry;  // RFC 3339
    };
    // Those that hold.
    model::Result<std::vector<Issued>> issued() const;

    // From now on none of these holds; how many of them did.
    model::Result<std::size_t> revoke(std::span<const std::string> serials) const;

  private:
    // What is written down; whoever has it open is the only one to change anything here.
    model::Result<CredentialFile> open_book() const;
    model::Result<x509::Pair> read_authority() const;

    std::string directory_;
};

}  // namespace gateway::cli
