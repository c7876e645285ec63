#pragma once
#include <span>
#include <string>
#include <string_view>

namespace gateway::status {

// Whether a Host header may name this endpoint, which keeps a page of the open web from reading it
// through a name that resolves here (DNS rebinding). `host` is the header ("localhost:8080"),
// `listen` the host the endpoint was configured to listen on, without its port, `more` the names it
// was given besides. Names and addresses of the loopback interface, `listen` itself and `more`
// pass; where `listen` is the wildcard, so does every address, for an address cannot be rebound.
// The port is not looked at: it differs behind an SSH tunnel.
bool is_own_host(
    std::string_view host, std::string_view listen, std::span<const std::string> more = {}
);

// Whether an Origin header is that of a page from this endpoint: "http://" and an own host, or
// "https://" and one of `more`, where a proxy adds TLS.
bool is_own_origin(
    std::string_view origin, std::string_view listen, std::span<const std::string> more = {}
);

}  // namespace gateway::status
