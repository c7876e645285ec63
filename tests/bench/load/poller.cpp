#include "tests/bench/load/poller.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>

namespace bench {
namespace {

constexpr std::size_t kOtherFiles = 64;  // what a process has open besides its sockets

[[noreturn]] void fail(const char* what) {
    throw std::system_error(errno, std::generic_category(), what);
}

Descriptor socket_to(std::uint16_t port, int type) {
    Descriptor made(socket(AF_INET, type | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
    if (!made.is_open()) fail("socket");
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    const auto* generic = reinterpret_cast<const sockaddr*>(&address);
    // A port where nobody listens is met later, as the end of the connection.
    const bool failed = connect(made.get(), generic, sizeof address) != 0;
    if (failed && errno != EINPROGRESS && errno != ECONNREFUSED) fail("connect");
    return made;
}

}  // namespace

void Descriptor::close() {
    if (is_open()) ::close(value_);
    value_ = -1;
}

Descriptor tcp_socket_to(std::uint16_t port) {
    auto made = socket_to(port, SOCK_STREAM);
    const int on = 1;
    setsockopt(made.get(), IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    return made;
}

Descriptor udp_socket_to(std::uint16_t port) {
    return socket_to(port, SOCK_DGRAM);
}

void allow_sockets(std::size_t count) {
    rlimit limit{};
    if (getrlimit(RLIMIT_NOFILE, &limit) != 0) fail("getrlimit");
    if (limit.rlim_cur >= count + kOtherFiles) return;
    limit.rlim_cur = count + kOtherFiles;
    if (limit.rlim_max < limit.rlim_cur) limit.rlim_max = limit.rlim_cur;
    if (setrlimit(RLIMIT_NOFILE, &limit) != 0) fail("so many sockets");
}

Poller::Poller() : poll_(epoll_create1(EPOLL_CLOEXEC)) {
    if (!poll_.is_open()) fail("epoll_create1");
}

void Poller::add(const Descriptor& socket, std::uint32_t owner) {
    epoll_event event{};
    event.events = EPOLLIN;
    event.data.u32 = owner;
    if (epoll_ctl(poll_.get(), EPOLL_CTL_ADD, socket.get(), &event) != 0) fail("epoll_ctl");
}

void Poller::await_room(const Descriptor& socket, std::uint32_t owner, bool wanted) {
    epoll_event event{};
    event.events = EPOLLIN | (wanted ? EPOLLOUT : std::uint32_t{0});
    event.data.u32 = owner;
    if (epoll_ctl(poll_.get(), EPOLL_CTL_MOD, socket.get(), &event) != 0) fail("epoll_ctl");
}

std::span<const epoll_event> Poller::wait(std::chrono::milliseconds limit) {
    const int count = epoll_wait(
        poll_.get(), events_.data(), static_cast<int>(kEventsMax), static_cast<int>(limit.count())
    );
    if (count < 0 && errno != EINTR) fail("epoll_wait");
    return {events_.data(), count < 0 ? 0 : static_cast<std::size_t>(count)};
}

}  // namespace bench
