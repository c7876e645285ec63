#pragma once
#include <sqlite3.h>

namespace tests::proof {

// While it lives, every connection that SQLite opens is known.
class OpenedConnections {
  public:
    OpenedConnections() { sqlite3_auto_extension(reinterpret_cast<void (*)()>(remember)); }
    ~OpenedConnections() { sqlite3_cancel_auto_extension(reinterpret_cast<void (*)()>(remember)); }
    OpenedConnections(const OpenedConnections&) = delete;
    OpenedConnections& operator=(const OpenedConnections&) = delete;

    void set(const char* pragma) { sqlite3_exec(last_opened, pragma, nullptr, nullptr, nullptr); }

  private:
    static int remember(sqlite3* opened, const char**, const sqlite3_api_routines*) {
        last_opened = opened;
        return SQLITE_OK;
    }

    static inline sqlite3* last_opened = nullptr;
};

}  // namespace tests::proof
