#pragma once
#include <string>

namespace gateway::buffer {

// The name of an SQLite VFS that shows a database file and its log as DamagedFile reads them: as
// they were last committed when the file was opened. It takes no lock, writes nothing, and makes no
// file beside the database; the log has become part of what is shown, so that SQLite sees a
// database without one. A page that is not as it was written reads as SQLITE_IOERR_DATA. Where
// somebody writes to the files meanwhile, what is read may be of two moments (store_moment.hpp).
// Empty when SQLite takes no VFS.
std::string pages_vfs();

}  // namespace gateway::buffer
