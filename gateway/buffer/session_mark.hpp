#pragma once
#include "gateway/model/time.hpp"
#include "gateway/settings/settings.hpp"

#include <array>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <cstring>

namespace gateway::buffer {

// A session of a sender, as a keyed hash of its name, which may be personal.
using SessionId = std::array<std::byte, 16>;

// The hash is uniform already.
struct SessionIdHash {
    std::size_t operator()(const SessionId& id) const {
        std::size_t hash = 0;
        std::memcpy(&hash, id.data(), sizeof hash);
        return hash;
    }
};

// See model::FrameMark.
struct SessionMark {
    SessionId session{};
    std::uint16_t packet_id = 0;

    auto operator<=>(const SessionMark&) const = default;
};

struct StoredMark {
    SessionMark mark;
    model::Instant used_at{};  // when the session was last used, to the day
};

// A commit makes its changes in their order.
struct SessionChange {
    enum class Kind : std::uint8_t {
        mark,
        release,
        forget,  // every mark of the session
    };
    Kind kind = Kind::mark;
    SessionMark mark;
    // A mark has that of its readings; what makes room has the highest.
    settings::Priority priority = settings::Priority::alarm;
};

}  // namespace gateway::buffer
