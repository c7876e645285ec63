#include "gateway/cli/http_connection.hpp"

#include "gateway/runtime/wipe.hpp"
#include "gateway/settings/address.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <optional>

namespace gateway::cli {

using boost::system::error_code;
using boost::system::errc::make_error_code;

namespace {

error_code last_error() {
    return {errno, boost::system::system_category()};
}

struct Address {
    sockaddr_storage storage{};
    socklen_t size = 0;

    const sockaddr* get() const { return reinterpret_cast<const sockaddr*>(&storage); }
};

std::optional<Address> unix_address(const std::string& path) {
    sockaddr_un address{};
    if (path.size() >= sizeof(address.sun_path)) return std::nullopt;
    address.sun_family = AF_UNIX;
    std::copy(path.begin(), path.end(), address.sun_path);
    Address result;
    std::memcpy(&result.storage, &address, sizeof(address));
    result.size = sizeof(address);
    return result;
}

std::optional<Address> tcp_address(const std::string& text) {
    const auto parsed = settings::parse_listen(text);
    if (!parsed) return std::nullopt;
    Address result;
    sockaddr_in v4{};
    v4.sin_family = AF_INET;
    v4.sin_port = htons(parsed->port);
    if (::inet_pton(AF_INET, parsed->host.c_str(), &v4.sin_addr) == 1) {
        std::memcpy(&result.storage, &v4, sizeof(v4));
        result.size = sizeof(v4);
        return result;
    }
    sockaddr_in6 v6{};
    v6.sin6_family = AF_INET6;
    v6.sin6_port = htons(parsed->port);
    if (::inet_pton(AF_INET6, parsed->host.c_str(), &v6.sin6_addr) != 1) return std::nullopt;
    std::memcpy(&result.storage, &v6, sizeof(v6));
    result.size = sizeof(v6);
    return result;
}

// The request line and what every request says.
std::string head_of(
    const std::string& method, const std::string& path, const std::string& address
) {
    const std::string host = is_socket_path(address) ? "localhost" : address;
    return method + ' ' + path + " HTTP/1.1\r\nHost: " + host + "\r\nConnection: close\r\n";
}

}  // namespace

bool is_socket_path(std::string_view address) {
    return address.find('/') != std::string_view::npos;
}

HttpConnection::~HttpConnection() {
    if (socket_ >= 0) ::close(socket_);
}

error_code HttpConnection::connect(const std::string& text) {
    const auto address = is_socket_path(text) ? unix_address(text) : tcp_address(text);
    if (!address) return make_error_code(boost::system::errc::invalid_argument);
    const int family = address->get()->sa_family;
    socket_ = ::socket(family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (socket_ < 0) return last_error();
    if (::connect(socket_, address->get(), address->size) == 0) return {};
    if (errno != EINPROGRESS) return last_error();
    if (const auto failure = wait_for(POLLOUT)) return failure;
    int outcome = 0;
    socklen_t size = sizeof(outcome);
    ::getsockopt(socket_, SOL_SOCKET, SO_ERROR, &outcome, &size);
    return {outcome, boost::system::system_category()};
}

error_code HttpConnection::send(std::string_view bytes) {
    while (!bytes.empty()) {
        const ssize_t sent = ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
        if (sent >= 0) {
            bytes.remove_prefix(static_cast<std::size_t>(sent));
        } else if (const auto failure = retry(POLLOUT)) {
            return failure;
        }
    }
    return {};
}

model::Result<std::size_t> HttpConnection::receive(std::string& bytes) {
    std::array<char, 16 * 1024> chunk{};
    for (;;) {
        const ssize_t count = ::recv(socket_, chunk.data(), chunk.size(), 0);
        if (count >= 0) {
            const auto size = static_cast<std::size_t>(count);
            runtime::append_and_wipe(bytes, {chunk.data(), size});
            runtime::wipe(chunk.data(), size);
            return size;
        }
        if (const auto failure = retry(POLLIN)) return failure;
    }
}

// After a call that did not succeed: waits if it only would have blocked.
error_code HttpConnection::retry(short events) const {
    if (errno == EINTR) return {};
    return errno == EAGAIN ? wait_for(events) : last_error();
}

error_code HttpConnection::wait_for(short events) const {
    using std::chrono::milliseconds;
    const auto left = std::chrono::ceil<milliseconds>(deadline_ - std::chrono::steady_clock::now());
    pollfd descriptor{socket_, events, 0};
    const int ready =
        left.count() <= 0 ? 0 : ::poll(&descriptor, 1, static_cast<int>(left.count()));
    if (ready > 0 || (ready < 0 && errno == EINTR)) return {};
    return ready == 0 ? make_error_code(boost::system::errc::timed_out) : last_error();
}

std::string get_request(const std::string& path, const std::string& address) {
    return head_of("GET", path, address) + "\r\n";
}

std::string post_request(
    const std::string& path, const std::string& address, const std::string& body
) {
    std::string request = head_of("POST", path, address);
    request.append("Content-Type: application/json\r\nContent-Length: ");
    request.append(std::to_string(body.size())).append("\r\n\r\n").append(body);
    return request;
}

}  // namespace gateway::cli
