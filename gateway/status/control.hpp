#pragma once
#include "gateway/status/site.hpp"

#include <boost/asio/awaitable.hpp>

#include <string>

namespace gateway::status {

// What a command asks of a running gateway by POST, over the unix socket alone. On the reactor; one
// call a connection, and several at a time.
class Control {
  public:
    virtual ~Control() = default;

    // The body may hold what is personal: it is neither logged nor kept.
    virtual boost::asio::awaitable<Response> answer(std::string path, std::string body) = 0;
};

}  // namespace gateway::status
