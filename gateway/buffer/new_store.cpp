#include "gateway/buffer/new_store.hpp"

namespace gateway::buffer {

NewStore::NewStore(SqliteConnection& connection)
    : dataset(connection, "INSERT OR IGNORE INTO dataset VALUES (?, ?)"),
      device(connection, "INSERT OR IGNORE INTO device VALUES (?, ?)"),
      ledger(connection, "INSERT OR REPLACE INTO ledger VALUES (?, ?, ?)"),
      cursor(connection, "INSERT OR REPLACE INTO cursor VALUES (?, ?, ?, ?)"),
      segment(
          connection,
          "INSERT OR IGNORE INTO segment"
          " (key, count, stored_at, observed_from, device_base, body)"
          " VALUES (?, ?, ?, ?, ?, ?)"
      ),
      dead_letter(
          connection,
          "INSERT OR IGNORE INTO dead_letter"
          " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
      ),
      session_mark(connection, "INSERT OR IGNORE INTO session_mark VALUES (?, ?, ?)"),
      gap(connection, "INSERT OR IGNORE INTO gap VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"),
      gap_again(connection, "UPDATE gap SET sent_by = 0 WHERE uplink = ? AND dataset = ?"),
      erasure(connection, "INSERT OR IGNORE INTO erasure VALUES (?, ?, ?, ?, ?, ?, ?, ?)"),
      erasure_again(connection, "UPDATE erasure SET sent_by = 0 WHERE uplink = ? AND dataset = ?"),
      erasing(connection, "INSERT OR IGNORE INTO erasing VALUES (?, ?, ?, ?, ?)"),
      boot(connection, "INSERT OR IGNORE INTO boot VALUES (?, ?, ?, ?)"),
      connection_(connection) {}

model::Result<void> NewStore::begin() {
    return connection_.execute("BEGIN IMMEDIATE");
}

model::Result<void> NewStore::commit() {
    if (auto done = connection_.execute("COMMIT"); !done) return done;
    if (connection_.log_frames() <= kLogFramesMax) return {};
    if (auto copied = connection_.checkpoint(false); !copied) return copied.error();
    return {};
}

bool NewStore::changed() const {
    return connection_.changed_rows() > 0;
}

}  // namespace gateway::buffer
