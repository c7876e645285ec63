#include "gateway/buffer/session_book.hpp"

#include "gateway/buffer/plausible_time.hpp"
#include "gateway/model/message.hpp"

#include <algorithm>

namespace gateway::buffer {

using model::Fault;
using model::Refusal;
using model::translatable;

SessionBook::SessionBook(std::span<const StoredMark> stored, model::Instant now) {
    for (const StoredMark& found : stored) {
        const bool plausible = is_plausible(found.used_at, now);
        hold(found.mark, plausible ? found.used_at : now);
    }
}

std::vector<std::uint16_t> SessionBook::held(const SessionId& session, model::Instant now) {
    const auto found = sessions_.find(session);
    if (found == sessions_.end()) return {};
    found->second.used_at = now;
    return found->second.held;
}

std::optional<std::uint64_t> SessionBook::ticket_of(const SessionMark& mark) const {
    if (const auto expected = expected_.find(mark); expected != expected_.end())
        return expected->second;
    const auto session = sessions_.find(mark.session);
    if (session == sessions_.end()) return std::nullopt;
    const auto& held = session->second.held;
    if (!std::binary_search(held.begin(), held.end(), mark.packet_id)) return std::nullopt;
    return 0;
}

model::Decoded<void> SessionBook::admit(const SessionMark& mark) const {
    const auto session = sessions_.find(mark.session);
    if (session == sessions_.end() && sessions_.size() >= model::kSessionsMax)
        return Fault{Refusal::overloaded, translatable("too many sessions hold packets")};
    const bool room_in_session =
        session == sessions_.end() ||
        session->second.held.size() + session->second.expected < model::kPacketsPerSessionMax;
    if (!room_in_session || held_ + expected_.size() >= model::kPacketsHeldMax)
        return Fault{Refusal::overloaded, translatable("too many packets wait for their release")};
    return {};
}

void SessionBook::expect(const SessionMark& mark, std::uint64_t ticket, model::Instant now) {
    Session& session = sessions_[mark.session];
    session.used_at = now;
    if (expected_.insert_or_assign(mark, ticket).second) ++session.expected;
}

void SessionBook::settle(
    std::span<const SessionChange> changes, Store::Written written, model::Instant now
) {
    for (const SessionChange& change : changes) {
        if (change.kind == SessionChange::Kind::mark) unexpect(change.mark);
        if (is_stored(change.priority, written)) apply(change, now);
        drop_if_empty(change.mark.session);
    }
}

void SessionBook::apply(const SessionChange& change, model::Instant now) {
    switch (change.kind) {
        case SessionChange::Kind::mark:
            return hold(change.mark, now);
        case SessionChange::Kind::release:
            return release(change.mark, now);
        case SessionChange::Kind::forget:
            const auto session = sessions_.find(change.mark.session);
            if (session == sessions_.end()) return;
            held_ -= session->second.held.size();
            session->second.held.clear();
    }
}

std::vector<SessionId> SessionBook::idle(model::Instant now) {
    std::vector<SessionId> idle;
    for (auto& [id, session] : sessions_) {
        if (!is_plausible(session.used_at, now)) session.used_at = now;
        if (session.expected == 0 && session.used_at + kIdleMax <= now) idle.push_back(id);
    }
    return idle;
}

void SessionBook::hold(const SessionMark& mark, model::Instant used_at) {
    Session& session = sessions_[mark.session];
    session.used_at = std::max(session.used_at, used_at);
    const auto place = std::lower_bound(session.held.begin(), session.held.end(), mark.packet_id);
    if (place != session.held.end() && *place == mark.packet_id) return;
    session.held.insert(place, mark.packet_id);
    ++held_;
}

void SessionBook::release(const SessionMark& mark, model::Instant now) {
    const auto session = sessions_.find(mark.session);
    if (session == sessions_.end()) return;
    session->second.used_at = now;
    auto& held = session->second.held;
    const auto place = std::lower_bound(held.begin(), held.end(), mark.packet_id);
    if (place == held.end() || *place != mark.packet_id) return;
    held.erase(place);
    --held_;
}

void SessionBook::unexpect(const SessionMark& mark) {
    if (expected_.erase(mark) > 0) --sessions_[mark.session].expected;
}

void SessionBook::drop_if_empty(const SessionId& session) {
    const auto found = sessions_.find(session);
    if (found == sessions_.end()) return;
    if (found->second.held.empty() && found->second.expected == 0) sessions_.erase(found);
}

}  // namespace gateway::buffer
