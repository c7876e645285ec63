#pragma once
#include "gateway/model/frame.hpp"
#include "gateway/model/refusal.hpp"

#include <boost/asio/awaitable.hpp>

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace gateway::ingest {

// What is remembered of marked frames, by session, so that a driver can take each exactly once: a
// mark is held from the commit of its frame (FrameSink) until it is released or its session is
// forgotten, across restarts. A session is named by any text that stays the same for it; on the
// disk it is a keyed hash. A session unused for 30 days is forgotten. On the reactor.
class SessionMemory {
  public:
    static constexpr std::size_t kSessionsMax = model::kSessionsMax;
    static constexpr std::size_t kPacketsPerSessionMax = model::kPacketsPerSessionMax;

    virtual ~SessionMemory() = default;

    // Whether the session is on the disk: it was remembered, or holds marks.
    virtual bool knows(std::string_view session) = 0;

    // Answers when the session is on the disk, and will be known after a restart. Faults as below.
    virtual boost::asio::awaitable<model::Decoded<void>> remember(std::string session) = 0;

    // The packet ids that the session holds on the disk, in ascending order.
    virtual std::vector<std::uint16_t> held(std::string_view session) = 0;

    // Answers when the disk no longer has the mark: only then may its packet id be used again, so
    // that PUBCOMP leaves after this. A mark that is not held is no fault. A fault is temporary and
    // leaves the mark as it was, for all the caller knows: the sender should ask again.
    virtual boost::asio::awaitable<model::Decoded<void>> release(
        std::string session, std::uint16_t packet_id
    ) = 0;

    // Answers when the disk has no mark of the session any more (a clean start). Frames
    // of the session must wait for it. Faults as above.
    virtual boost::asio::awaitable<model::Decoded<void>> forget(std::string session) = 0;
};

}  // namespace gateway::ingest
