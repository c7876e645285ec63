#pragma once
#include <cstdint>

namespace gateway::observe {

// What this process uses of the machine; 0 where /proc does not tell.
struct ProcessFigures {
    std::uint64_t resident_bytes = 0;
    double cpu_seconds = 0;  // user and system, of all threads, since the start
    std::uint64_t open_files = 0;
    std::uint64_t open_files_max = 0;
    std::uint64_t virtual_bytes = 0;
    std::uint64_t threads = 0;
    double started = 0;  // seconds since 1970, by the system clock as it is now
};

ProcessFigures read_process_figures();

}  // namespace gateway::observe
