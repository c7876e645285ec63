#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace gateway::settings {

struct HostPort {
    std::string host;  // without the brackets of an IPv6 address
    std::uint16_t port = 0;
};

// Whether the text could be the name or the numeric address of a machine, without a port.
bool is_host(const std::string& text);

// "127.0.0.1:5683", "[::1]:5683", "broker.example.org:1883". Nothing if there is no port or the
// host could not be a name or an address.
std::optional<HostPort> parse_host_port(std::string_view text);

// The same with a numeric address, which is what a socket is bound to.
std::optional<HostPort> parse_listen(std::string_view text);

struct Url {
    std::string scheme;    // lower case
    std::string userinfo;  // never accepted: secrets do not belong into URLs
    std::string host;
    std::optional<std::uint16_t> port;
    std::string path;  // with what follows it
};

// RFC 3986 as far as brokers, web services and proxies need it. Nothing without scheme and host.
std::optional<Url> parse_url(std::string_view text);

// True if only this machine can reach the host: 127.0.0.0/8, ::1, localhost.
bool is_loopback(std::string_view host);

// True if two sockets bound to these cannot live side by side: the same port, and the same address
// or a wildcard. Port 0 is any free port and collides with nothing.
bool collide(const HostPort& left, const HostPort& right);

}  // namespace gateway::settings
