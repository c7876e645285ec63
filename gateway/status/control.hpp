#pragma once
#include "gateway/status/peer.hpp"
#include "gateway/status/site.hpp"

#include <boost/asio/awaitable.hpp>

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace gateway::status {

// What a command asks of a running gateway by POST, over the unix socket alone. On the reactor; one
// call a connection, and several at a time.
class Control {
  public:
    static constexpr std::size_t kBodyBytesMax = 2 << 20;  // a configuration, quoted

    virtual ~Control() = default;

    // The least standing that one must have to ask for this path.
    virtual Standing needed(std::string_view path) const = 0;

    // What a body for this path has at most; a longer one is refused before it is read.
    virtual std::size_t body_bytes_max(std::string_view /*path*/) const { return kBodyBytesMax; }

    // The body may hold what is personal: it is neither logged nor kept. Who asks has the standing.
    virtual boost::asio::awaitable<Response> answer(std::string path, std::string body) = 0;
};

// A control and the group whose members are technicians to it.
struct GuardedControl {
    Control* control = nullptr;  // null: nobody is answered
    std::optional<gid_t> group{};
};

}  // namespace gateway::status
