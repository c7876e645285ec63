#include "gateway/runtime/core_dump.hpp"

#include <sys/resource.h>

namespace gateway::runtime {

bool forbid_core_dumps() {
    const rlimit none{0, 0};
    return setrlimit(RLIMIT_CORE, &none) == 0;
}

}  // namespace gateway::runtime
