#pragma once
#include "gateway/buffer/session_mark.hpp"
#include "gateway/buffer/sqlite_statement.hpp"

#include <chrono>
#include <vector>

namespace gateway::buffer {

// The `session_mark` table.
class SessionTable {
  public:
    // Of a row in its page, with what the tree around it needs.
    static constexpr std::uint64_t kMarkBytes = 64;
    // How exactly it is known when a session was last used.
    static constexpr std::chrono::hours kUseResolution{24};

    explicit SessionTable(SqliteConnection& connection);

    model::Result<std::vector<StoredMark>> all();
    model::Result<void> apply(const SessionChange& change, model::Instant now);

  private:
    SqliteStatement all_;
    SqliteStatement mark_;
    SqliteStatement release_;
    SqliteStatement forget_;
    SqliteStatement use_;
};

}  // namespace gateway::buffer
