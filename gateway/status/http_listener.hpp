#pragma once
#include "gateway/observe/log.hpp"
#include "gateway/runtime/task_group.hpp"
#include "gateway/status/control.hpp"
#include "gateway/status/listening_socket.hpp"
#include "gateway/status/site.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/steady_timer.hpp>

#include <chrono>
#include <cstddef>
#include <functional>

namespace gateway::status {

// An HTTP/1.1 server (RFC 9112) on one listening socket: one request at a time a connection, none
// with a body but a POST for `control`, every wait bounded. Lives on the reactor.
class HttpListener {
  public:
    using Handler = std::function<Response(const Request&)>;

    static constexpr std::size_t kConnectionsMax = 128;  // more wait in the kernel's queue
    static constexpr std::size_t kHeaderBytesMax = 8 * 1024;
    // From the last answer to the whole next header, so that neither silence nor a byte now and
    // then holds a connection.
    static constexpr std::chrono::seconds kRequestTimeout{10};
    static constexpr std::chrono::seconds kAnswerTimeout{10};
    // When half of the connections are taken, newcomers get this long and no second request: who
    // connects in order to say nothing cannot keep the others out.
    static constexpr std::size_t kCrowd = kConnectionsMax / 2;
    static constexpr std::chrono::seconds kRequestTimeoutInCrowd{1};

    // Bodies above Control::kBodyBytesMax that are read or answered at the same time: each is in
    // memory as a whole.
    static constexpr std::size_t kLargeBodiesMax = 1;

    // Connections belong to `tasks`; all three, and the control, outlive the listener's tasks. With
    // a control the socket is a unix socket, and who asks it needs the standing that it names.
    HttpListener(
        ListeningSocket socket,
        Handler handler,
        runtime::TaskGroup& tasks,
        observe::Log& log,
        GuardedControl guarded = {}
    );

    // Accepts until it is cancelled.
    boost::asio::awaitable<void> run();

    const ListeningSocket& socket() const { return socket_; }

  private:
    class Connection;

    boost::asio::awaitable<void> wait_for_room();

    ListeningSocket socket_;
    Handler handler_;
    runtime::TaskGroup& tasks_;
    observe::Log& log_;
    const GuardedControl guarded_;
    std::size_t connections_ = 0;
    std::size_t large_bodies_ = 0;
    boost::asio::steady_timer left_;  // cancelled when a connection ends
};

}  // namespace gateway::status
