#pragma once
#include "gateway/settings/settings.hpp"

#include <string>
#include <string_view>

namespace gateway::cli {

// How readings come in by a source or leave by an uplink.
struct Transport {
    std::string_view kind;          // as it is configured: "mqtt-listener", "http"
    std::string address;            // without a query, which may hold a secret; empty: none
    bool is_encrypted = false;      // TLS or DTLS, whoever comes
    bool stays_here = false;        // nothing of it leaves this machine
    bool is_authenticated = false;  // the other side must prove who it is, or is this machine
};

Transport transport_of(const settings::Source& source);
Transport transport_of(const settings::Uplink& uplink);

// "encrypted (TLS)", "not encrypted", "does not leave this machine".
const char* protection_words(const Transport& transport);

}  // namespace gateway::cli
