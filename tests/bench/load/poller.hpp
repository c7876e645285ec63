#pragma once
#include <sys/epoll.h>

#include <array>
#include <chrono>
#include <cstdint>
#include <span>
#include <utility>

namespace bench {

// A file descriptor that is closed with its owner.
class Descriptor {
  public:
    Descriptor() = default;
    explicit Descriptor(int value) : value_(value) {}
    ~Descriptor() { close(); }
    Descriptor(Descriptor&& other) noexcept : value_(std::exchange(other.value_, -1)) {}
    Descriptor& operator=(Descriptor&& other) noexcept {
        std::swap(value_, other.value_);
        return *this;
    }

    int get() const { return value_; }
    bool is_open() const { return value_ >= 0; }
    void close();

  private:
    int value_ = -1;
};

// A socket of its own towards a port of 127.0.0.1, non-blocking; a TCP one is still connecting.
// Throws std::system_error.
Descriptor tcp_socket_to(std::uint16_t port);
Descriptor udp_socket_to(std::uint16_t port);

// Raises this process's limit of open files to hold so many sockets; throws std::system_error.
void allow_sockets(std::size_t count);

// What the kernel has to say about many sockets (epoll(7)); each is known by its owner's number.
class Poller {
  public:
    Poller();

    void add(const Descriptor& socket, std::uint32_t owner);
    // Whether to be told as well when the socket takes bytes again.
    void await_room(const Descriptor& socket, std::uint32_t owner, bool wanted);

    // Valid until the next call.
    std::span<const epoll_event> wait(std::chrono::milliseconds limit);

  private:
    static constexpr std::size_t kEventsMax = 1024;

    Descriptor poll_;
    std::array<epoll_event, kEventsMax> events_{};
};

}  // namespace bench
