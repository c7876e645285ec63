#pragma once
#include <boost/asio/awaitable.hpp>

#include <memory>
#include <string>

namespace gateway::status {

// What an answer goes on with after its header, piece by piece, until its client has left.
class EventStream {
  public:
    virtual ~EventStream() = default;

    // Waits for the next piece. On the reactor, one call at a time.
    virtual boost::asio::awaitable<std::shared_ptr<const std::string>> next() = 0;
};

}  // namespace gateway::status
