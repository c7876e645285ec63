#pragma once
#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace gateway::anonymise {

// An Internet address. An IPv4 address that is written as IPv6 (::ffff:192.0.2.1, RFC 4291 section
// 2.5.5.2) is the IPv4 address: the same machine in another spelling.
struct IpAddress {
    bool is_v4 = false;
    std::array<std::uint8_t, 16> bytes{};  // of IPv4 the first four

    bool operator==(const IpAddress&) const = default;
};

// An address alone: dotted decimal without leading zeros, or RFC 4291 section 2.2. Nothing for an
// address with a zone, brackets, a port or a prefix length.
std::optional<IpAddress> parse_ip_address(std::string_view text);

// RFC 5952 section 4: lower case, no leading zeros, the longest run of zeros as "::".
std::string to_string(const IpAddress& address);

// The network that holds the address, "192.0.2.0/24" or "2001:db8:1::/48" (ISO/IEC 20889:
// generalisation). An address of 6to4 (RFC 3056) holds an IPv4 address in its network part and
// keeps no more of it than `v4_bits`. Answers against being told one by one; a small network may
// still be one household's.
std::string network_of(const IpAddress& address, int v4_bits, int v6_bits);

}  // namespace gateway::anonymise
