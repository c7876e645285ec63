#include "gateway/runtime/system_group.hpp"

#include <catch2/catch.hpp>

using gateway::runtime::find_group;

TEST_CASE("a group is found by its name", "[runtime]") {
    CHECK(find_group("root") == gid_t{0});
    CHECK_FALSE(find_group("no-such-group"));
    CHECK_FALSE(find_group(""));
}
