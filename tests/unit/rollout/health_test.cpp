#include "gateway/rollout/health.hpp"

#include <catch2/catch.hpp>

using namespace gateway;
using namespace gateway::rollout;
using namespace std::chrono_literals;

namespace {

const model::Instant kNow = *model::parse_rfc3339("2026-05-01T12:00:00Z");

// One source and one uplink at work.
observe::Report at_work() {
    observe::Report report;
    report.clock.now = kNow;
    report.stored = 100;
    observe::SourceReport meters;
    meters.name = "meters";
    meters.connected = true;
    meters.stored = 100;
    meters.last_frame = kNow - 5s;
    report.sources.push_back(meters);
    observe::UplinkReport city;
    city.delivered = 90;
    city.waiting = 10;
    city.last_confirmed = kNow - 10s;
    report.uplinks.emplace("city", city);
    return report;
}

std::vector<Finding> judged(const observe::Report& before, const observe::Report& now) {
    Health health(before, 120s);
    health.begin(at_work());
    return health.findings(now);
}

}  // namespace

TEST_CASE("what worked before must work again", "[rollout]") {
    using Kind = Finding::Kind;
    auto now = at_work();
    CHECK(
        judged(at_work(), now) ==
        std::vector<Finding>{{Kind::uplink_silent, "city"}, {Kind::nothing_stored, ""}}
    );
    now.stored = 101;
    CHECK(judged(at_work(), now) == std::vector<Finding>{{Kind::uplink_silent, "city"}});
    now.uplinks["city"].delivered = 91;
    CHECK(judged(at_work(), now).empty());
    now.sources[0].connected = false;
    CHECK(judged(at_work(), now) == std::vector<Finding>{{Kind::source_away, "meters"}});
    CHECK(words_of(judged(at_work(), now)) == "source meters cannot receive");
}

TEST_CASE("an uplink with nothing to send is well, one that refuses is not", "[rollout]") {
    auto now = at_work();
    now.stored = 101;
    now.uplinks["city"].waiting = 0;
    CHECK(judged(at_work(), now).empty());
    now.uplinks["city"].dead = 3;
    CHECK(judged(at_work(), now) == std::vector<Finding>{{Finding::Kind::uplink_refusing, "city"}});
    now.uplinks["city"].delivered = 91;  // it refuses some, as it may have done before
    CHECK(judged(at_work(), now).empty());
}

TEST_CASE("what did not work before is not asked for", "[rollout]") {
    auto before = at_work();
    before.uplinks["city"].last_confirmed = kNow - 3min;
    before.sources[0].connected = false;
    before.sources[0].last_frame = kNow - 3min;
    auto now = at_work();
    now.sources[0].connected = false;
    CHECK(judged(before, now).empty());
    before.uplinks["city"].last_confirmed.reset();
    before.sources[0].last_frame.reset();
    CHECK(judged(before, now).empty());
}

TEST_CASE("what the configuration no longer has is not asked for", "[rollout]") {
    observe::Report now;
    now.clock.now = kNow;
    now.stored = 100;
    CHECK(judged(at_work(), now).empty());
}
