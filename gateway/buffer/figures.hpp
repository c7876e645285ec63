#pragma once
#include "gateway/model/time.hpp"
#include "gateway/observe/histogram.hpp"

#include <cstdint>
#include <optional>

namespace gateway::buffer {

struct StoreFigures {
    std::uint64_t bytes = 0;  // database file and write-ahead log
    std::uint64_t size_max = 0;
    std::uint64_t segments = 0;
    // To the store since start: every frame of the write-ahead log, and for a checkpoint the pages
    // it copies, counted as the frames it had to look at but never more than the file has pages.
    std::uint64_t bytes_written = 0;
    std::uint64_t commits = 0;
    std::uint64_t spent_keys = 0;          // of segments, that could not be destroyed yet
    std::optional<model::Instant> oldest;  // observed_at of the oldest reading present: a stamp
    // Readings that came without a date and got one in this run, when they were first sent.
    std::uint64_t corrected = 0;
    std::uint64_t uncertain = 0;
};

// Of the commits that brought readings or what belongs to them, in this run.
struct CommitFigures {
    // From when the group was closed to when the store had answered, with what the storage thread
    // had to do before.
    observe::Histogram seconds{observe::kDiskSeconds};
    observe::Histogram readings{observe::kReadingsAtOnce};
};

}  // namespace gateway::buffer
