#include "gateway/model/support_end.hpp"

#include <catch2/catch.hpp>

using namespace gateway::model;

TEST_CASE("support lasts to the end of its last day", "[model]") {
    const std::string last_day = support_end();
    CHECK_FALSE(has_support_ended(parse_rfc3339(last_day + "T00:00:00Z").value()));
    CHECK_FALSE(has_support_ended(parse_rfc3339(last_day + "T23:59:59Z").value()));
    CHECK(
        has_support_ended(parse_rfc3339(last_day + "T23:59:59Z").value() + std::chrono::seconds{1})
    );
    CHECK(has_support_ended(Instant::max()));
}
