#pragma once
#include <boost/asio/awaitable.hpp>

#include <chrono>
#include <memory>
#include <string>

namespace gateway::status {

// What an answer goes on with after its header, piece by piece, until its client has left.
class EventStream {
  public:
    virtual ~EventStream() = default;

    // How long a client may take no bytes before it has left.
    virtual std::chrono::seconds patience() const { return std::chrono::seconds{10}; }

    // Waits for the next piece. On the reactor, one call at a time.
    virtual boost::asio::awaitable<std::shared_ptr<const std::string>> next() = 0;
};

}  // namespace gateway::status
