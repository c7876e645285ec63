#pragma once
#include "gateway/settings/settings.hpp"

#include <string>
#include <vector>

namespace gateway::doctor {

// The files of one `tls` table; empty where it names none.
struct TlsFiles {
    std::string of;  // the source or uplink
    std::string certificate;
    std::string key;
    std::string authorities;
};

// The files that a configuration names and that must be there when the gateway runs.
struct NamedFiles {
    std::vector<std::string> secrets;  // each once
    std::vector<TlsFiles> tls;
};

NamedFiles files_of(const settings::Settings& settings);

}  // namespace gateway::doctor
