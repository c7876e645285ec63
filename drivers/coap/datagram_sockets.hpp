#pragma once
#include <sys/socket.h>

#include <string>
#include <system_error>
#include <vector>

namespace drivers::coap {

// The process's open datagram sockets that are bound and not connected: servers'. The library does
// not tell an endpoint's socket; it is the one that was not there before.
std::vector<int> listening_datagram_sockets();

// Why nobody else could be bound to the address now; no error if one could. The library shares a
// port that is in use with its owner instead of failing (SO_REUSEADDR), and says nothing else of
// what went wrong.
std::error_code try_address(const sockaddr* address, socklen_t size);

// Asks the kernel for a receive buffer of `bytes`; it may grant less.
void widen_receive_buffer(int socket, int bytes);

// "127.0.0.1:5683", where the socket is bound; empty if it is not.
std::string bound_address(int socket);

}  // namespace drivers::coap
