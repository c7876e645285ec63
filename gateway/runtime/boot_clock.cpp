#include "gateway/runtime/boot_clock.hpp"

#include <unistd.h>

#include <ctime>
#include <fstream>

namespace gateway::runtime {
namespace {

// One word; where a sandbox hides it, each start counts as a boot of its own.
std::string read_boot_id(WallClock::Duration since_boot) {
    std::ifstream file("/proc/sys/kernel/random/boot_id");
    std::string id;
    if (file >> id) return id;
    return "unknown-" + std::to_string(since_boot.count()) + '-' + std::to_string(::getpid());
}

}  // namespace

KernelBootClock::KernelBootClock() : boot_id_(read_boot_id(since_boot())) {}

WallClock::Duration KernelBootClock::since_boot() const {
    timespec time{};
    ::clock_gettime(CLOCK_BOOTTIME, &time);
    return std::chrono::duration_cast<WallClock::Duration>(
        std::chrono::seconds{time.tv_sec} + std::chrono::nanoseconds{time.tv_nsec}
    );
}

}  // namespace gateway::runtime
