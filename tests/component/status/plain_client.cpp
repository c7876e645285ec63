#include "tests/component/status/plain_client.hpp"

#include <arpa/inet.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <system_error>
#include <utility>

namespace tests::status {
namespace {

bool is_readable_within(int socket, std::chrono::milliseconds limit) {
    pollfd waiting{socket, POLLIN, 0};
    return poll(&waiting, 1, static_cast<int>(limit.count())) == 1;
}

}  // namespace

PlainClient::PlainClient(std::uint16_t port)
    : socket_(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (connect(socket_, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0)
        throw std::system_error(errno, std::system_category(), "connect");
}

PlainClient::~PlainClient() {
    if (socket_ >= 0) close(socket_);
}

PlainClient::PlainClient(PlainClient&& other) noexcept
    : socket_(std::exchange(other.socket_, -1)) {}

bool PlainClient::send(std::string_view bytes) const {
    while (!bytes.empty()) {
        const ssize_t sent = ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
        if (sent <= 0) return false;
        bytes.remove_prefix(static_cast<std::size_t>(sent));
    }
    return true;
}

std::string PlainClient::receive_all(std::chrono::milliseconds limit) const {
    return receive_until({}, limit);
}

std::string PlainClient::receive_until(std::string_view end, std::chrono::milliseconds limit)
    const {
    std::string received;
    std::array<char, 4096> part{};
    while (is_readable_within(socket_, limit)) {
        const ssize_t size = recv(socket_, part.data(), part.size(), 0);
        if (size <= 0) break;
        received.append(part.data(), static_cast<std::size_t>(size));
        if (!end.empty() && received.ends_with(end)) break;
    }
    return received;
}

bool PlainClient::is_closed_within(std::chrono::milliseconds limit) const {
    char byte = 0;
    return is_readable_within(socket_, limit) && recv(socket_, &byte, 1, 0) <= 0;
}

}  // namespace tests::status
