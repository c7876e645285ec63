#include "gateway/buffer/session_table.hpp"

#include "gateway/buffer/sqlite_connection.hpp"

#include <algorithm>

namespace gateway::buffer {
namespace {

std::int64_t milliseconds(std::chrono::milliseconds time) {
    return time.count();
}

}  // namespace

SessionTable::SessionTable(SqliteConnection& connection)
    : all_(connection, "SELECT session, packet_id, used_at FROM session_mark"),
      mark_(
          connection,
          "INSERT OR REPLACE INTO session_mark (session, packet_id, used_at) VALUES (?, ?, ?)"
      ),
      release_(connection, "DELETE FROM session_mark WHERE session = ? AND packet_id = ?"),
      forget_(connection, "DELETE FROM session_mark WHERE session = ?"),
      use_(connection, "UPDATE session_mark SET used_at = ?2 WHERE session = ?1 AND used_at < ?3") {
}

model::Result<std::vector<StoredMark>> SessionTable::all() {
    std::vector<StoredMark> marks;
    auto query = all_.query();
    while (true) {
        const auto found = query.next();
        if (!found) return found.error();
        if (!*found) return marks;
        StoredMark& stored = marks.emplace_back();
        const auto session = query.blob(0);
        auto& into = stored.mark.session;
        std::copy_n(session.begin(), std::min(session.size(), into.size()), into.begin());
        stored.mark.packet_id = static_cast<std::uint16_t>(query.integer(1));
        stored.used_at = model::Instant(model::Instant::duration(query.integer(2)));
    }
}

model::Result<void> SessionTable::apply(const SessionChange& change, model::Instant now) {
    const std::span<const std::byte> session = change.mark.session;
    const std::uint64_t packet_id = change.mark.packet_id;
    if (change.kind == SessionChange::Kind::forget) return forget_.execute(session);
    const auto used_at = now.time_since_epoch();
    auto done = change.kind == SessionChange::Kind::mark
                    ? mark_.execute(session, packet_id, milliseconds(used_at))
                    : release_.execute(session, packet_id);
    if (!done) return done;
    return use_.execute(session, milliseconds(used_at), milliseconds(used_at - kUseResolution));
}

}  // namespace gateway::buffer
