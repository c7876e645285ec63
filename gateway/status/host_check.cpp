#include "gateway/status/host_check.hpp"

#include <boost/asio/ip/address.hpp>

#include <algorithm>
#include <optional>
#include <string>

namespace gateway::status {
namespace {

using boost::asio::ip::address;

bool is_port(std::string_view text) {
    constexpr std::size_t kDigitsMax = 5;
    return !text.empty() && text.size() <= kDigitsMax &&
           std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

// "name", "name:port", "[address]" or "[address]:port" without port and brackets; empty when the
// text is none of them.
std::string_view without_port(std::string_view host) {
    const bool is_bracketed = host.starts_with('[');
    const std::size_t end = host.find(is_bracketed ? ']' : ':');
    if (end == std::string_view::npos) return is_bracketed ? std::string_view{} : host;
    const std::string_view name = is_bracketed ? host.substr(1, end - 1) : host.substr(0, end);
    const std::string_view rest = host.substr(is_bracketed ? end + 1 : end);
    const bool is_whole = rest.empty() || (rest.front() == ':' && is_port(rest.substr(1)));
    return is_whole ? name : std::string_view{};
}

std::string to_lower(std::string_view text) {
    std::string out{text};
    for (char& c : out) {
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    }
    return out;
}

bool is_one_of(const std::string& name, std::span<const std::string> hosts) {
    return std::any_of(hosts.begin(), hosts.end(), [&](const std::string& host) {
        return name == to_lower(host);
    });
}

std::optional<address> to_address(const std::string& name) {
    boost::system::error_code failure;
    const address parsed = boost::asio::ip::make_address(name, failure);
    if (failure) return std::nullopt;
    return parsed;
}

}  // namespace

bool is_own_host(
    std::string_view host, std::string_view listen, std::span<const std::string> more
) {
    const std::string name = to_lower(without_port(host));
    if (name.empty()) return false;
    if (name == "localhost" || name == to_lower(listen) || is_one_of(name, more)) return true;
    const auto named = to_address(name);
    if (!named) return false;
    const auto listening = to_address(std::string{listen});
    return named->is_loopback() || (listening && listening->is_unspecified());
}

bool is_own_origin(
    std::string_view origin, std::string_view listen, std::span<const std::string> more
) {
    constexpr std::string_view kPlain = "http://";
    constexpr std::string_view kByProxy = "https://";
    if (origin.starts_with(kPlain)) return is_own_host(origin.substr(kPlain.size()), listen, more);
    if (!origin.starts_with(kByProxy)) return false;
    const std::string name = to_lower(without_port(origin.substr(kByProxy.size())));
    return !name.empty() && is_one_of(name, more);
}

}  // namespace gateway::status
