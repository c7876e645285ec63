#pragma once
#include "gateway/model/result.hpp"

#include <chrono>
#include <cstddef>
#include <string>
#include <string_view>

namespace gateway::cli {

// Whether an address is the path of a unix socket: it has a '/'.
bool is_socket_path(std::string_view address);

// A connection to an endpoint of this machine that never waits past its deadline. Errors are those
// of the sockets, and timed_out.
class HttpConnection {
  public:
    using Deadline = std::chrono::steady_clock::time_point;

    explicit HttpConnection(Deadline deadline) : deadline_(deadline) {}
    ~HttpConnection();
    HttpConnection(const HttpConnection&) = delete;
    HttpConnection& operator=(const HttpConnection&) = delete;

    // For what is done from now on.
    void set_deadline(Deadline deadline) { deadline_ = deadline; }

    // To a unix socket, see is_socket_path(), or "host:port" with a numeric host;
    // anything else is an invalid_argument. Once.
    boost::system::error_code connect(const std::string& address);
    boost::system::error_code send(std::string_view bytes);
    // Waits for bytes and appends them; how many: 0 when the peer has closed. They are in `bytes`
    // alone: they may be personal.
    model::Result<std::size_t> receive(std::string& bytes);

  private:
    boost::system::error_code retry(short events) const;
    boost::system::error_code wait_for(short events) const;

    Deadline deadline_;
    int socket_ = -1;
};

// Requests of HTTP/1.1 that end the connection; a body is JSON.
std::string get_request(const std::string& path, const std::string& address);
std::string post_request(
    const std::string& path, const std::string& address, const std::string& body
);

}  // namespace gateway::cli
