#include "gateway/runtime/memory_lock.hpp"

#include <sys/mman.h>
#include <sys/resource.h>
#include <unistd.h>

namespace gateway::runtime {

bool may_lock_memory(std::size_t bytes) {
    rlimit limit{};
    if (::getrlimit(RLIMIT_MEMLOCK, &limit) == 0) {
        limit.rlim_cur = limit.rlim_max;
        static_cast<void>(::setrlimit(RLIMIT_MEMLOCK, &limit));
    }
    // Tried, not computed: a privileged process has no limit, and a sandbox may forbid it whatever
    // the limit is.
    constexpr int kPrivate = MAP_PRIVATE | MAP_ANONYMOUS;
    void* pages = ::mmap(nullptr, bytes, PROT_READ | PROT_WRITE, kPrivate, -1, 0);
    if (pages == MAP_FAILED) return false;
    const bool is_locked = ::mlock(pages, bytes) == 0;
    ::munmap(pages, bytes);
    return is_locked;
}

}  // namespace gateway::runtime
