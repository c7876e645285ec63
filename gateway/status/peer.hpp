#pragma once
#include <sys/types.h>

#include <cstdint>
#include <optional>

namespace gateway::status {

// What somebody may ask over the unix socket beyond what everybody may who can connect to it. From
// the least to the most.
enum class Standing : std::uint8_t {
    stranger,    // nothing
    technician,  // what the group of [status] may: a member of it
    owner        // everything: root, or the user that the gateway runs as
};

// The process at the other end of a connected unix socket, as it was when it connected.
struct Peer {
    uid_t user = static_cast<uid_t>(-1);
    Standing standing = Standing::stranger;
};

// By SO_PEERCRED and SO_PEERGROUPS (unix(7)); a stranger where the kernel does not tell. `group` is
// that of technicians; nothing: there is none.
Peer peer_of(int socket, std::optional<gid_t> group);

}  // namespace gateway::status
