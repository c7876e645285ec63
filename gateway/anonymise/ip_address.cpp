#include "gateway/anonymise/ip_address.hpp"

#include <arpa/inet.h>

#include <algorithm>
#include <charconv>

namespace gateway::anonymise {
namespace {

constexpr std::size_t kTextMax = INET6_ADDRSTRLEN - 1;
constexpr std::size_t kGroups = 8;
constexpr std::array<std::uint8_t, 12> kMappedV4{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};
constexpr std::array<std::uint8_t, 2> k6to4{0x20, 0x02};
constexpr int k6to4Bits = 16;

template <std::size_t Count>
bool begins_with(const IpAddress& address, const std::array<std::uint8_t, Count>& prefix) {
    return std::equal(prefix.begin(), prefix.end(), address.bytes.begin());
}

struct Run {
    std::size_t first = 0;
    std::size_t length = 0;
};

using Groups = std::array<unsigned, kGroups>;

// The longest run of zero groups, the first of equals; none that is a single group.
Run longest_zeros(const Groups& groups) {
    Run longest;
    Run current;
    for (std::size_t i = 0; i < kGroups; ++i) {
        if (groups[i] != 0) {
            current = {};
            continue;
        }
        if (current.length == 0) current.first = i;
        ++current.length;
        if (current.length > longest.length) longest = current;
    }
    return longest.length > 1 ? longest : Run{};
}

std::string v6_text(const IpAddress& address) {
    Groups groups{};
    for (std::size_t i = 0; i < kGroups; ++i)
        groups[i] = static_cast<unsigned>(address.bytes[2 * i]) << 8U | address.bytes[2 * i + 1];
    const Run zeros = longest_zeros(groups);
    std::string text;
    for (std::size_t i = 0; i < kGroups; ++i) {
        if (zeros.length > 0 && i == zeros.first) {
            text += "::";
            i += zeros.length - 1;
            continue;
        }
        if (!text.empty() && !text.ends_with(':')) text += ':';
        std::array<char, 4> digits{};
        const auto end =
            std::to_chars(digits.data(), digits.data() + digits.size(), groups[i], 16).ptr;
        text.append(digits.data(), end);
    }
    return text;
}

}  // namespace

std::optional<IpAddress> parse_ip_address(std::string_view text) {
    if (text.size() > kTextMax || text.find('\0') != text.npos) return std::nullopt;
    std::array<char, kTextMax + 1> terminated{};
    std::copy(text.begin(), text.end(), terminated.begin());
    IpAddress address;
    if (::inet_pton(AF_INET, terminated.data(), address.bytes.data()) == 1) {
        address.is_v4 = true;
        return address;
    }
    if (::inet_pton(AF_INET6, terminated.data(), address.bytes.data()) != 1) return std::nullopt;
    if (!begins_with(address, kMappedV4)) return address;
    IpAddress v4{true, {}};
    std::copy_n(address.bytes.begin() + kMappedV4.size(), 4, v4.bytes.begin());
    return v4;
}

std::string to_string(const IpAddress& address) {
    if (!address.is_v4) return v6_text(address);
    std::string text;
    for (std::size_t i = 0; i < 4; ++i) {
        if (i > 0) text += '.';
        text += std::to_string(address.bytes[i]);
    }
    return text;
}

std::string network_of(const IpAddress& address, int v4_bits, int v6_bits) {
    int bits = address.is_v4 ? v4_bits : v6_bits;
    if (!address.is_v4 && begins_with(address, k6to4)) bits = std::min(bits, k6to4Bits + v4_bits);
    IpAddress network = address;
    for (int i = 0; i < static_cast<int>(network.bytes.size()); ++i) {
        const int kept = std::clamp(bits - 8 * i, 0, 8);
        network.bytes[static_cast<std::size_t>(i)] &= static_cast<std::uint8_t>(0xff00U >> kept);
    }
    return to_string(network) + '/' + std::to_string(bits);
}

}  // namespace gateway::anonymise
