#include "gateway/runtime/core_dump.hpp"

#include <catch2/catch.hpp>
#include <sys/resource.h>

namespace {

rlim_t core_bytes_max() {
    rlimit limit{};
    REQUIRE(getrlimit(RLIMIT_CORE, &limit) == 0);
    return limit.rlim_cur;
}

}  // namespace

TEST_CASE("no core dump is written once it is forbidden", "[runtime]") {
    rlimit limit{};
    REQUIRE(getrlimit(RLIMIT_CORE, &limit) == 0);
    const rlimit all{limit.rlim_max, limit.rlim_max};
    REQUIRE(setrlimit(RLIMIT_CORE, &all) == 0);
    CHECK(core_bytes_max() == limit.rlim_max);
    CHECK(gateway::runtime::forbid_core_dumps());
    CHECK(core_bytes_max() == 0);
}
