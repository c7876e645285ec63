#include "gateway/runtime/system_group.hpp"

#include <grp.h>

#include <cerrno>
#include <vector>

namespace gateway::runtime {

std::optional<gid_t> find_group(const std::string& name) {
    constexpr std::size_t kEntryBytes = 16 * 1024;       // at first
    constexpr std::size_t kEntryBytesMax = 1024 * 1024;  // some 30,000 members
    group entry{};
    group* found = nullptr;
    std::vector<char> room(kEntryBytes);
    while (::getgrnam_r(name.c_str(), &entry, room.data(), room.size(), &found) == ERANGE) {
        if (room.size() >= kEntryBytesMax) return std::nullopt;
        room.resize(room.size() * 2);
    }
    return found != nullptr ? std::optional{found->gr_gid} : std::nullopt;
}

}  // namespace gateway::runtime
