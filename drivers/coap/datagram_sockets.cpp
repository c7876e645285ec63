#include "drivers/coap/datagram_sockets.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <charconv>
#include <cstring>
#include <filesystem>

namespace drivers::coap {

namespace {

bool is_listening_datagram_socket(int descriptor) {
    int type = 0;
    socklen_t size = sizeof type;
    if (::getsockopt(descriptor, SOL_SOCKET, SO_TYPE, &type, &size) != 0) return false;
    if (type != SOCK_DGRAM || bound_address(descriptor).empty()) return false;
    sockaddr_storage peer{};
    size = sizeof peer;
    return ::getpeername(descriptor, reinterpret_cast<sockaddr*>(&peer), &size) != 0;
}

}  // namespace

std::vector<int> listening_datagram_sockets() {
    std::vector<int> sockets;
    std::error_code unreadable;
    for (const auto& entry : std::filesystem::directory_iterator("/proc/self/fd", unreadable)) {
        const std::string name = entry.path().filename().string();
        int descriptor = -1;
        std::from_chars(name.data(), name.data() + name.size(), descriptor);
        if (is_listening_datagram_socket(descriptor)) sockets.push_back(descriptor);
    }
    return sockets;
}

ReservedAddress::ReservedAddress(const sockaddr* wanted, socklen_t size)
    : socket_(::socket(wanted->sa_family, SOCK_DGRAM | SOCK_CLOEXEC, 0)) {
    // Bound as its only owner first; only then others may share it.
    constexpr int kShared = 1;
    sockaddr_storage bound{};
    socklen_t room = sizeof bound;
    if (socket_ < 0 || ::bind(socket_, wanted, size) != 0 ||
        ::setsockopt(socket_, SOL_SOCKET, SO_REUSEADDR, &kShared, sizeof kShared) != 0 ||
        ::getsockname(socket_, reinterpret_cast<sockaddr*>(&bound), &room) != 0) {
        failure_ = {errno, std::generic_category()};
        return;
    }
    // The port stands at the same place for both families.
    sockaddr_in v4{};
    std::memcpy(&v4, &bound, sizeof v4);
    port_ = ntohs(v4.sin_port);
}

ReservedAddress::~ReservedAddress() {
    if (socket_ >= 0) ::close(socket_);
}

void widen_receive_buffer(int socket, int bytes) {
    // The forced variant needs CAP_NET_ADMIN and is not bounded by net.core.rmem_max.
    if (::setsockopt(socket, SOL_SOCKET, SO_RCVBUFFORCE, &bytes, sizeof bytes) == 0) return;
    static_cast<void>(::setsockopt(socket, SOL_SOCKET, SO_RCVBUF, &bytes, sizeof bytes));
}

std::string bound_address(int socket) {
    sockaddr_storage bound{};
    socklen_t size = sizeof bound;
    if (::getsockname(socket, reinterpret_cast<sockaddr*>(&bound), &size) != 0) return {};
    std::array<char, INET6_ADDRSTRLEN> text{};
    if (bound.ss_family == AF_INET) {
        sockaddr_in v4{};
        std::memcpy(&v4, &bound, sizeof v4);
        ::inet_ntop(AF_INET, &v4.sin_addr, text.data(), text.size());
        return std::string(text.data()) + ":" + std::to_string(ntohs(v4.sin_port));
    }
    if (bound.ss_family == AF_INET6) {
        sockaddr_in6 v6{};
        std::memcpy(&v6, &bound, sizeof v6);
        ::inet_ntop(AF_INET6, &v6.sin6_addr, text.data(), text.size());
        return "[" + std::string(text.data()) + "]:" + std::to_string(ntohs(v6.sin6_port));
    }
    return {};
}

}  // namespace drivers::coap
