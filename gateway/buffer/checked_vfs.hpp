#pragma once
#include <string>

namespace gateway::buffer {

// The name of an SQLite VFS that keeps a checksum in every page of a database file (see
// page_checksum.hpp) and otherwise is the one named `base` (empty: the system's). A page that is
// not as it was written reads as SQLITE_IOERR_DATA. Pages have SqliteConnection::kPageBytes, of
// which kPageReserveBytes are reserved. Empty when there is no such base.
//
// A row that was moved leaves nothing in the database file where it was (see page_gap.hpp), as long
// as that has no more than kTellablePages. The log is the base's: SQLite makes its checksums of
// what is in memory, so what was moved stands there until the log is emptied.
std::string checked_vfs(const std::string& base);

}  // namespace gateway::buffer
