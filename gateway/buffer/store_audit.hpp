#pragma once
#include "gateway/buffer/store_view.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace gateway::buffer {

struct SegmentFault {
    enum class Kind : std::uint8_t {
        key_gone,     // nobody can open it any more
        damaged,      // does not open with its key, or is not what was encoded
        no_device,    // the name of one of its devices is missing
        out_of_order  // overlaps another, or has sequences that the books do not know
    };
    Kind kind = Kind::damaged;
    std::string dataset;
    std::uint64_t first_sequence = 0;
    std::uint64_t count = 0;
};

// What an uplink's books say, and what its segments do.
struct BookFault {
    std::string uplink;
    std::uint64_t stored = 0;  // delivered + waiting + dead + evicted should be the same
    std::uint64_t accounted = 0;
};

struct Audit {
    static constexpr std::size_t kListedMax = 16;  // of each kind; the numbers are of all

    // Checksums of pages.
    std::uint64_t pages = 0;
    std::uint64_t pages_damaged = 0;
    std::vector<std::uint32_t> damaged;  // their numbers
    bool log_damaged = false;            // committed transactions lie behind a frame that is not
    // The database as a whole.
    boost::system::error_code view_failure;  // why nothing that follows was looked at
    bool is_suspect = false;                 // the gateway found damage while it ran
    std::uint64_t lost_at_end = 0;           // sequences behind the last one, known to have been
    std::vector<std::string> structure_faults;
    // Segments.
    boost::system::error_code keys_failure;  // why none was opened
    std::uint64_t segments = 0;              // that were looked into
    std::uint64_t readings = 0;
    std::uint64_t segments_faulty = 0;
    std::uint64_t readings_faulty = 0;
    std::vector<SegmentFault> faults;
    // Books.
    std::vector<BookFault> books;
    std::uint64_t uplinks_balanced = 0;

    bool is_sound() const {
        return pages_damaged == 0 && !log_damaged && !view_failure && !is_suspect &&
               lost_at_end == 0 && structure_faults.empty() && segments_faulty == 0 &&
               books.empty();
    }
};

// Looks at everything of a store that tells of damage by itself, and changes nothing. In memory
// there is a page, a segment and kListedMax of each fault. A gateway may be at work: what seems
// damaged is looked at again until it is known not to have been written meanwhile.
Audit audit_store(const settings::Settings& settings, anonymise::KeyRing* keys);

}  // namespace gateway::buffer
