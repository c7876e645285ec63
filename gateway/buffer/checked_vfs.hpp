#pragma once
#include <string>

namespace gateway::buffer {

// The name of an SQLite VFS that keeps a checksum in every page of a database file (see
// page_checksum.hpp) and otherwise is the one named `base` (empty: the system's). A page that is
// not as it was written reads as SQLITE_IOERR_DATA. Pages have SqliteConnection::kPageBytes, of
// which kPageReserveBytes are reserved. Empty when there is no such base.
std::string checked_vfs(const std::string& base);

}  // namespace gateway::buffer
