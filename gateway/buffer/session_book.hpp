#pragma once
#include "gateway/buffer/session_mark.hpp"
#include "gateway/buffer/store.hpp"
#include "gateway/model/frame.hpp"
#include "gateway/model/refusal.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <unordered_map>
#include <vector>

namespace gateway::buffer {

// The marks that the store holds, and those on their way into it with a group. On the reactor.
class SessionBook {
  public:
    static constexpr std::chrono::hours kIdleMax{30 * 24};

    SessionBook(std::span<const StoredMark> stored, model::Instant now);

    std::vector<std::uint16_t> held(const SessionId& session, model::Instant now);

    bool knows(const SessionId& session) const { return sessions_.contains(session); }

    // The ticket that the mark is committed with, 0 if it is on the disk; nothing if it is new.
    std::optional<std::uint64_t> ticket_of(const SessionMark& mark) const;

    // Overloaded when a bound of model/frame.hpp leaves no room for the mark.
    model::Decoded<void> admit(const SessionMark& mark) const;

    // A new, admitted mark goes with the ticket's group.
    void expect(const SessionMark& mark, std::uint64_t ticket, model::Instant now);

    // What became of a group's changes.
    void settle(std::span<const SessionChange> changes, Store::Written written, model::Instant now);

    // Sessions to forget: unused for kIdleMax. A time of use that cannot be becomes `now`.
    std::vector<SessionId> idle(model::Instant now);

  private:
    struct Session {
        std::vector<std::uint16_t> held;  // in ascending order
        std::size_t expected = 0;
        model::Instant used_at{};
    };

    void apply(const SessionChange& change, model::Instant now);
    void hold(const SessionMark& mark, model::Instant used_at);
    void release(const SessionMark& mark, model::Instant now);
    void unexpect(const SessionMark& mark);
    void drop_if_empty(const SessionId& session);

    std::unordered_map<SessionId, Session, SessionIdHash> sessions_;
    std::map<SessionMark, std::uint64_t> expected_;  // and their tickets
    std::size_t held_ = 0;
};

}  // namespace gateway::buffer
