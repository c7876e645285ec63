#include "gateway/observe/process_figures.hpp"

#include <sys/resource.h>
#include <unistd.h>

#include <cmath>
#include <ctime>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

namespace gateway::observe {
namespace {

constexpr double kNanosecond = 1e-9;

void read_memory(ProcessFigures& figures) {
    std::ifstream statm{"/proc/self/statm"};  // proc(5): size and resident, in pages
    std::uint64_t size = 0;
    std::uint64_t resident = 0;
    if (!(statm >> size >> resident)) return;
    const auto page = static_cast<std::uint64_t>(sysconf(_SC_PAGESIZE));
    figures.virtual_bytes = size * page;
    figures.resident_bytes = resident * page;
}

double seconds(const timespec& time) {
    return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_nsec) * kNanosecond;
}

// proc(5): of what follows the name in brackets, the threads are the 18th field and the start, in
// clock ticks since the boot, is the 20th.
void read_start(ProcessFigures& figures) {
    constexpr int kBeforeThreads = 17;
    std::ifstream stat{"/proc/self/stat"};
    std::string skipped;
    std::getline(stat, skipped, ')');
    for (int field = 0; field < kBeforeThreads; ++field) stat >> skipped;
    std::uint64_t ticks = 0;
    if (!(stat >> figures.threads >> skipped >> ticks)) return;
    timespec now{};
    timespec since_boot{};
    clock_gettime(CLOCK_REALTIME, &now);
    clock_gettime(CLOCK_BOOTTIME, &since_boot);
    const auto started = static_cast<double>(ticks) / static_cast<double>(sysconf(_SC_CLK_TCK));
    // The difference of two clocks is never the same twice; in seconds it is.
    figures.started = std::round(seconds(now) - seconds(since_boot) + started);
}

std::uint64_t read_open_files_max() {
    rlimit limit{};
    return getrlimit(RLIMIT_NOFILE, &limit) == 0 ? limit.rlim_cur : 0;
}

double read_cpu_seconds() {
    timespec used{};
    return clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &used) == 0 ? seconds(used) : 0;
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
    ProcessFigures figures;
    read_memory(figures);
    read_start(figures);
    figures.cpu_seconds = read_cpu_seconds();
    figures.open_files = count_open_files();
    figures.open_files_max = read_open_files_max();
    return figures;
}

}  // namespace gateway::observe
