#include "gateway/runtime/core_dump.hpp"

#include <sys/prctl.h>
#include <sys/resource.h>

namespace gateway::runtime {

bool forbid_core_dumps() {
    const rlimit none{0, 0};
    const bool has_no_file = setrlimit(RLIMIT_CORE, &none) == 0;
    // The limit does not hold where core_pattern is a program (core(5)); this does.
    const bool is_not_dumpable = prctl(PR_SET_DUMPABLE, 0UL, 0UL, 0UL, 0UL) == 0;
    return has_no_file && is_not_dumpable;
}

}  // namespace gateway::runtime
