#pragma once
#include "gateway/buffer/file_reader.hpp"

#include <cstdint>
#include <vector>

namespace gateway::buffer {

// What is good of a write-ahead log (https://sqlite.org/fileformat2.html, section 4), whether or
// not SQLite would still read it. SQLite stops at the first frame that is not as it was written,
// for all checksums after it hang together with its own, and forgets in silence what lies behind.
// But each frame also holds the sum it was made from on, so that those behind can be told apart.
struct LogScan {
    struct Frame {
        std::uint32_t page;
        std::uint64_t offset;  // of the page's content in the file
    };
    std::vector<Frame>
        frames;               // that are as written, of transactions that were committed, in order
    std::uint32_t pages = 0;  // of the database after the last of them; 0: there is none
    // Committed transactions lie behind a frame that is not as it was written: they were synced, so
    // the frame was too, and no power cut has done that. Only in the last two transactions damage
    // cannot be told from a power cut.
    bool damaged = false;
    // The offset of the first frame that is not as it was written; 0: all are, or the log's header
    // is not.
    std::uint64_t broken_at = 0;
};

// Of a log that somebody may be writing to: a frame that was half written when it was read is whole
// when it is read again, and one that is damaged is not. Without the second look a page of a
// transaction would be missing among those that were committed behind it.
LogScan scan_log(const FileReader& log);

}  // namespace gateway::buffer
