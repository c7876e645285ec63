#include "gateway/runtime/core_dump.hpp"

#include <catch2/catch.hpp>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

namespace {

rlim_t core_bytes_max() {
    rlimit limit{};
    REQUIRE(getrlimit(RLIMIT_CORE, &limit) == 0);
    return limit.rlim_cur;
}

}  // namespace

// In a process of its own: what is forbidden here stays so.
TEST_CASE("no core dump is written once it is forbidden", "[runtime]") {
    rlimit limit{};
    REQUIRE(getrlimit(RLIMIT_CORE, &limit) == 0);
    const rlimit all{limit.rlim_max, limit.rlim_max};
    REQUIRE(setrlimit(RLIMIT_CORE, &all) == 0);
    CHECK(core_bytes_max() == limit.rlim_max);
    CHECK(prctl(PR_GET_DUMPABLE) == 1);
    const pid_t child = ::fork();
    REQUIRE(child >= 0);
    if (child == 0) {
        const bool is_forbidden = gateway::runtime::forbid_core_dumps();
        const bool has_no_file = getrlimit(RLIMIT_CORE, &limit) == 0 && limit.rlim_cur == 0;
        ::_exit(is_forbidden && has_no_file && prctl(PR_GET_DUMPABLE) == 0 ? 0 : 1);
    }
    int status = 0;
    REQUIRE(::waitpid(child, &status, 0) == child);
    CHECK(status == 0);
}
