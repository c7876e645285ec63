#pragma once
#include <sys/socket.h>

#include <cstdint>
#include <string>
#include <system_error>
#include <vector>

namespace drivers::coap {

// The process's open datagram sockets that are bound and not connected: servers'. The library does
// not tell an endpoint's socket; it is the one that was not there before.
std::vector<int> listening_datagram_sockets();

// Keeps an address until the library is bound to it too. The library shares a port that is in use
// with its owner instead of failing (SO_REUSEADDR), and port 0 may give it one that another such
// socket has; it says nothing else of what went wrong.
class ReservedAddress {
  public:
    // Port 0 becomes a free one. After a failure nothing is reserved.
    ReservedAddress(const sockaddr* wanted, socklen_t size);
    ~ReservedAddress();
    ReservedAddress(const ReservedAddress&) = delete;
    ReservedAddress& operator=(const ReservedAddress&) = delete;

    std::error_code failure() const { return failure_; }
    std::uint16_t port() const { return port_; }

  private:
    int socket_ = -1;
    std::uint16_t port_ = 0;
    std::error_code failure_;
};

// Asks the kernel for a receive buffer of `bytes`; it may grant less.
void widen_receive_buffer(int socket, int bytes);

// "127.0.0.1:5683", where the socket is bound; empty if it is not.
std::string bound_address(int socket);

}  // namespace drivers::coap
