#include "gateway/observe/process_figures.hpp"

#include <unistd.h>

#include <ctime>
#include <filesystem>
#include <fstream>
#include <iterator>

namespace gateway::observe {
namespace {

std::uint64_t read_resident_bytes() {
    std::ifstream statm{"/proc/self/statm"};  // proc(5): size and resident, in pages
    std::uint64_t size = 0;
    std::uint64_t resident = 0;
    if (!(statm >> size >> resident)) return 0;
    return resident * static_cast<std::uint64_t>(sysconf(_SC_PAGESIZE));
}

double read_cpu_seconds() {
    constexpr double kNanosecond = 1e-9;
    timespec used{};
    if (clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &used) != 0) return 0;
    return static_cast<double>(used.tv_sec) + static_cast<double>(used.tv_nsec) * kNanosecond;
}

std::uint64_t count_open_files() {
    std::error_code failure;
    const std::filesystem::directory_iterator files{"/proc/self/fd", failure};
    if (failure) return 0;
    const auto count = std::distance(begin(files), end(files));
    return static_cast<std::uint64_t>(count) - 1;  // less the directory that is being read
}

}  // namespace

ProcessFigures read_process_figures() {
    return {read_resident_bytes(), read_cpu_seconds(), count_open_files()};
}

}  // namespace gateway::observe
