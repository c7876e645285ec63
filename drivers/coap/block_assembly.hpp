#pragma once
#include "drivers/coap/message.hpp"

#include <chrono>
#include <cstddef>
#include <list>
#include <string>
#include <string_view>
#include <unordered_map>

namespace drivers::coap {

// Puts bodies together that arrive in blocks (RFC 7959, Block1): one body a sender at a time, each
// block in its turn. Bounded in bodies, bytes and age, whatever is sent: over a bound the body that
// was touched least recently is forgotten, and its sender hears 4.08 and begins again. A body over
// `body_bytes_max` ends as soon as it is, cut to one byte more, so that it can be refused and
// counted like any other frame that is too large.
class BlockAssembly {
  public:
    using Clock = std::chrono::steady_clock;
    static constexpr std::size_t kBodiesMax = 64;
    static constexpr std::size_t kBodiesBytesMax = 8U << 20;
    static constexpr std::chrono::seconds kBodyAgeMax{247};  // EXCHANGE_LIFETIME, RFC 7252, 4.8.2

    enum class Progress {
        more,        // taken, the next one please
        complete,    // the body is whole (or too large, and cut)
        incomplete,  // not the block that follows; the body is forgotten
        malformed,   // not what a block option may say
    };

    explicit BlockAssembly(std::size_t body_bytes_max) : body_bytes_max_(body_bytes_max) {}

    // Takes a request with a Block1 option. With Progress::complete its payload is the body.
    Progress add(Request& request, Clock::time_point now);

    std::size_t bodies() const { return bodies_.size(); }
    std::size_t bytes() const { return bytes_; }

  private:
    struct Body {
        std::string sender;
        std::string path;
        std::string bytes;
        std::uint8_t size_exponent = 0;
        Clock::time_point touched;
    };
    using Bodies = std::list<Body>;  // least recently touched first

    Bodies::iterator begin_body(const Request& request);
    void forget(Bodies::iterator body);
    void forget_old(Clock::time_point now);
    void make_room(Bodies::iterator but);

    const std::size_t body_bytes_max_;
    Bodies bodies_;
    std::unordered_map<std::string_view, Bodies::iterator> by_sender_;  // keys live in bodies_
    std::size_t bytes_ = 0;
};

}  // namespace drivers::coap
