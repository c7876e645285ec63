#include "gateway/status/trusted_peer.hpp"

#include <sys/socket.h>
#include <unistd.h>

namespace gateway::status {

bool is_trusted_peer(int socket) {
    ucred peer{};
    socklen_t size = sizeof peer;
    if (::getsockopt(socket, SOL_SOCKET, SO_PEERCRED, &peer, &size) != 0) return false;
    return peer.uid == 0 || peer.uid == ::geteuid();
}

}  // namespace gateway::status
