#include "gateway/doctor/port_holder.hpp"

#include "gateway/doctor/directory.hpp"
#include "gateway/doctor/small_file.hpp"

#include <arpa/inet.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdint>
#include <filesystem>
#include <set>
#include <sstream>
#include <string_view>
#include <vector>

namespace gateway::doctor {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kProcessesMax = 4096;
constexpr std::size_t kFilesMax = 4096;  // of a process
constexpr std::string_view kListening = "0A";

// "0100007F:1F90", or 32 digits for IPv6: words of the machine's own order, then the port.
settings::HostPort address_of(std::string_view text) {
    constexpr std::size_t kDigits = 8;  // of a word
    const auto number = [](std::string_view digits) {
        std::uint32_t value = 0;
        std::from_chars(digits.data(), digits.data() + digits.size(), value, 16);
        return value;
    };
    const std::string_view digits = text.substr(0, text.find(':'));
    std::array<std::uint32_t, 4> words{};
    const std::size_t count = std::min(digits.size() / kDigits, words.size());
    for (std::size_t i = 0; i < count; ++i) words[i] = number(digits.substr(i * kDigits, kDigits));
    std::array<char, INET6_ADDRSTRLEN> host{};
    const int family = count == 1 ? AF_INET : AF_INET6;
    ::inet_ntop(family, words.data(), host.data(), host.size());
    return {host.data(), static_cast<std::uint16_t>(number(text.substr(text.rfind(':') + 1)))};
}

bool is_same_family(const settings::HostPort& left, const settings::HostPort& right) {
    constexpr char kOfIpv6 = ':';
    const auto is_ipv6 = [](const std::string& host) {
        return host.find(kOfIpv6) != std::string::npos;
    };
    return is_ipv6(left.host) == is_ipv6(right.host);
}

// The links of /proc/<process>/fd to sockets in the way.
struct Sockets {
    std::set<std::string> links;
    bool are_surely_in_the_way = false;
};

// From one of /proc/net/{tcp,tcp6,udp,udp6}: number, local and remote address, state, queues,
// timer, retransmissions, user, time-out, inode.
void add_sockets(
    const std::string& table, const settings::HostPort& where, bool is_udp, Sockets& found
) {
    constexpr std::size_t kLocal = 1;
    constexpr std::size_t kState = 3;
    constexpr std::size_t kInode = 9;
    std::istringstream lines(read_small_file(table).value_or(""));
    for (std::string line; std::getline(lines, line);) {
        std::istringstream words(line);
        std::vector<std::string> fields;
        for (std::string word; fields.size() <= kInode && words >> word;) fields.push_back(word);
        if (fields.size() <= kInode || (!is_udp && fields[kState] != kListening)) continue;
        const auto local = address_of(fields[kLocal]);
        if (!settings::collide(local, where)) continue;
        found.links.insert("socket:[" + fields[kInode] + ']');
        if (is_same_family(local, where)) found.are_surely_in_the_way = true;
    }
}

bool has_one(const fs::path& process, const std::set<std::string>& sockets) {
    bool is_found = false;
    for_each_entry((process / "fd").string(), kFilesMax, [&](const fs::path& file) {
        std::error_code unreadable;
        if (!is_found) is_found = sockets.contains(fs::read_symlink(file, unreadable).string());
    });
    return is_found;
}

}  // namespace

PortUse find_port_use(const std::string& proc, const settings::HostPort& where, bool is_udp) {
    Sockets sockets;
    for (const char* version : {"", "6"})
        add_sockets(proc + "/net/" + (is_udp ? "udp" : "tcp") + version, where, is_udp, sockets);
    PortUse use{sockets.are_surely_in_the_way, {}, {}};
    if (sockets.links.empty()) return use;
    for_each_entry(proc, kProcessesMax, [&](const fs::path& entry) {
        if (use.process || !is_process(entry) || !has_one(entry, sockets.links)) return;
        use.process = static_cast<pid_t>(std::stoi(entry.filename().string()));
        use.name = read_small_file((entry / "comm").string()).value_or("?");
    });
    return use;
}

}  // namespace gateway::doctor
