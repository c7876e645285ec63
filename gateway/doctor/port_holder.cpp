#include "gateway/doctor/port_holder.hpp"

#include "gateway/doctor/directory.hpp"
#include "gateway/doctor/small_file.hpp"
#include "gateway/language/translate.hpp"

#include <charconv>
#include <filesystem>
#include <set>
#include <sstream>
#include <string_view>
#include <vector>

namespace gateway::doctor {
namespace {

namespace fs = std::filesystem;
using language::tr;

constexpr std::size_t kProcessesMax = 4096;
constexpr std::size_t kFilesMax = 4096;  // of a process
constexpr std::string_view kListening = "0A";

std::uint16_t port_of(std::string_view address) {  // "0100007F:1F90"
    unsigned port = 0;
    const auto digits = address.substr(address.rfind(':') + 1);
    std::from_chars(digits.data(), digits.data() + digits.size(), port, 16);
    return static_cast<std::uint16_t>(port);
}

// The inodes of the sockets at a port, in one of /proc/net/{tcp,tcp6,udp,udp6}: number, local and
// remote address, state, queues, timer, retransmissions, user, time-out, inode.
void add_sockets(
    const std::string& table, std::uint16_t port, bool is_udp, std::set<std::string>& found
) {
    constexpr std::size_t kLocal = 1;
    constexpr std::size_t kState = 3;
    constexpr std::size_t kInode = 9;
    std::istringstream lines(read_small_file(table).value_or(""));
    for (std::string line; std::getline(lines, line);) {
        std::istringstream words(line);
        std::vector<std::string> fields;
        for (std::string word; fields.size() <= kInode && words >> word;) fields.push_back(word);
        if (fields.size() <= kInode || port_of(fields[kLocal]) != port) continue;
        if (is_udp || fields[kState] == kListening) found.insert("socket:[" + fields[kInode] + ']');
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

std::string holder_of_port(const std::string& proc, std::uint16_t port, bool is_udp) {
    std::set<std::string> sockets;
    for (const char* version : {"", "6"})
        add_sockets(proc + "/net/" + (is_udp ? "udp" : "tcp") + version, port, is_udp, sockets);
    if (sockets.empty()) return {};
    std::string holder;
    for_each_entry(proc, kProcessesMax, [&](const fs::path& entry) {
        if (!holder.empty() || !is_process(entry) || !has_one(entry, sockets)) return;
        const auto name = read_small_file((entry / "comm").string());
        holder = tr("{0} (process {1})", {name.value_or("?"), entry.filename().string()});
    });
    return holder;
}

}  // namespace gateway::doctor
