#include "gateway/runtime/file_limit.hpp"

#include <sys/resource.h>

namespace gateway::runtime {

void raise_file_limit() {
    rlimit limit{};
    if (::getrlimit(RLIMIT_NOFILE, &limit) != 0) return;
    limit.rlim_cur = limit.rlim_max;
    static_cast<void>(::setrlimit(RLIMIT_NOFILE, &limit));
}

}  // namespace gateway::runtime
