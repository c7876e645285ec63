#include "gateway/status/peer.hpp"

#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <vector>

namespace gateway::status {
namespace {

constexpr std::size_t kGroupsMax = 65'536;  // of a process: NGROUPS_MAX of Linux

// The groups beside the one of SO_PEERCRED.
std::vector<gid_t> more_groups_of(int socket) {
    socklen_t size = 0;
    const bool is_empty = ::getsockopt(socket, SOL_SOCKET, SO_PEERGROUPS, nullptr, &size) == 0;
    if (is_empty || errno != ERANGE || size > kGroupsMax * sizeof(gid_t)) return {};
    std::vector<gid_t> groups(size / sizeof(gid_t));
    if (::getsockopt(socket, SOL_SOCKET, SO_PEERGROUPS, groups.data(), &size) != 0) return {};
    groups.resize(size / sizeof(gid_t));
    return groups;
}

bool is_member(int socket, gid_t first, gid_t group) {
    if (first == group) return true;
    const auto groups = more_groups_of(socket);
    return std::find(groups.begin(), groups.end(), group) != groups.end();
}

}  // namespace

Peer peer_of(int socket, std::optional<gid_t> group) {
    ucred credentials{};
    socklen_t size = sizeof credentials;
    if (::getsockopt(socket, SOL_SOCKET, SO_PEERCRED, &credentials, &size) != 0) return {};
    Peer peer{credentials.uid, Standing::stranger};
    if (peer.user == 0 || peer.user == ::geteuid()) {
        peer.standing = Standing::owner;
    } else if (group && is_member(socket, credentials.gid, *group)) {
        peer.standing = Standing::technician;
    }
    return peer;
}

}  // namespace gateway::status
