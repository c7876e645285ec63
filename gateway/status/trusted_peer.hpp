#pragma once

namespace gateway::status {

// Whether the process at the other end of a connected unix socket is root's or of the user that
// this one runs as (SO_PEERCRED, unix(7)).
bool is_trusted_peer(int socket);

}  // namespace gateway::status
