#pragma once
#include "gateway/model/result.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/basic_socket_acceptor.hpp>
#include <boost/asio/generic/stream_protocol.hpp>
#include <boost/asio/ip/tcp.hpp>

#include <string>
#include <string_view>

namespace gateway::status {

// A listening socket of either kind.
using ListeningSocket = boost::asio::basic_socket_acceptor<boost::asio::generic::stream_protocol>;

// "127.0.0.1:8080", "[::1]:8080" or "localhost:8080" without its port and brackets.
std::string_view host_of(std::string_view listen);

// What such a text says; invalid_argument when it says nothing. Names other than localhost are not
// looked up.
model::Result<boost::asio::ip::tcp::endpoint> parse_listen(std::string_view listen);

// Listens on a TCP endpoint; port 0 takes a free one.
model::Result<ListeningSocket> listen_on_tcp(
    const boost::asio::any_io_executor& executor, const boost::asio::ip::tcp::endpoint& endpoint
);

// Listens on a unix socket that its owner and group may connect to (mode 0660). A socket left
// behind by a process that ended is replaced; address_in_use when one still listens on it, or when
// the path is something else than a socket.
model::Result<ListeningSocket> listen_on_unix(
    const boost::asio::any_io_executor& executor, const std::string& path
);

}  // namespace gateway::status
