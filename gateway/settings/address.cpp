#include "gateway/settings/address.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>

#include <algorithm>
#include <array>
#include <charconv>

namespace gateway::settings {
namespace {

constexpr std::size_t kHostMax = 253;  // RFC 1035 2.3.4

bool is_letter_or_digit(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

bool is_numeric(int family, const std::string& host) {
    std::array<unsigned char, sizeof(in6_addr)> address{};
    return ::inet_pton(family, host.c_str(), address.data()) == 1;
}

std::optional<std::uint16_t> parse_port(std::string_view text) {
    std::uint16_t port = 0;
    const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), port);
    if (failure != std::errc{} || end != text.data() + text.size()) return std::nullopt;
    return port;
}

struct Authority {
    std::string host;
    std::optional<std::uint16_t> port;
};

std::optional<Authority> parse_authority(std::string_view text) {
    Authority authority;
    std::string_view rest;
    if (text.starts_with('[')) {
        const auto end = text.find(']');
        if (end == std::string_view::npos) return std::nullopt;
        authority.host = text.substr(1, end - 1);
        if (!is_numeric(AF_INET6, authority.host)) return std::nullopt;
        rest = text.substr(end + 1);
    } else {
        const auto colon = std::min(text.find(':'), text.size());
        authority.host = text.substr(0, colon);
        rest = text.substr(colon);
    }
    if (!is_host(authority.host)) return std::nullopt;
    if (rest.empty()) return authority;
    if (rest.front() != ':') return std::nullopt;
    authority.port = parse_port(rest.substr(1));
    if (!authority.port) return std::nullopt;
    return authority;
}

bool is_wildcard(std::string_view host) {
    return host == "0.0.0.0" || host == "::";
}

}  // namespace

bool is_host(const std::string& text) {
    if (text.empty() || text.size() > kHostMax) return false;
    if (text.find(':') != std::string::npos) return is_numeric(AF_INET6, text);
    return text.front() != '-' && text.front() != '.' &&
           std::all_of(text.begin(), text.end(), [](char c) {
               return is_letter_or_digit(c) || c == '-' || c == '.' || c == '_';
           });
}

std::optional<HostPort> parse_host_port(std::string_view text) {
    const auto authority = parse_authority(text);
    if (!authority || !authority->port) return std::nullopt;
    return HostPort{authority->host, *authority->port};
}

std::optional<HostPort> parse_listen(std::string_view text) {
    auto address = parse_host_port(text);
    if (!address) return std::nullopt;
    if (!is_numeric(AF_INET, address->host) && !is_numeric(AF_INET6, address->host))
        return std::nullopt;
    return address;
}

std::optional<Url> parse_url(std::string_view text) {
    const bool printable =
        std::all_of(text.begin(), text.end(), [](char c) { return c > ' ' && c < '\x7f'; });
    const auto colon = text.find("://");
    if (!printable || colon == 0 || colon == std::string_view::npos) return std::nullopt;
    Url url;
    for (const char c : text.substr(0, colon)) {
        if (!is_letter_or_digit(c)) return std::nullopt;
        url.scheme += c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    }
    std::string_view rest = text.substr(colon + 3);
    const auto slash = std::min(rest.find_first_of("/?#"), rest.size());
    url.path = rest.substr(slash);
    rest = rest.substr(0, slash);
    if (const auto at = rest.rfind('@'); at != std::string_view::npos) {
        url.userinfo = rest.substr(0, at);
        rest.remove_prefix(at + 1);
    }
    auto authority = parse_authority(rest);
    if (!authority) return std::nullopt;
    url.host = std::move(authority->host);
    url.port = authority->port;
    return url;
}

bool is_loopback(std::string_view host) {
    const std::string name{host};
    if (is_numeric(AF_INET, name)) return name.starts_with("127.");
    return name == "::1" || name == "localhost";
}

bool collide(const HostPort& left, const HostPort& right) {
    if (left.port != right.port || left.port == 0) return false;
    return left.host == right.host || is_wildcard(left.host) || is_wildcard(right.host);
}

}  // namespace gateway::settings
