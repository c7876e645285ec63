#include "gateway/ingest/access.hpp"

#include <catch2/catch.hpp>

using namespace gateway::ingest;

namespace {

Access own_topics() {
    return Access{{"water/{device}/reading", "air/+/{device}/#"}, {}};
}

bool may_publish(Access& access, std::string_view identity, std::string_view topic) {
    return access.leave_of(identity, topic) != Access::Leave::none;
}

}  // namespace

TEST_CASE("a device publishes where its identity stands for {device}", "[ingest]") {
    Access access = own_topics();
    CHECK(may_publish(access, "pump-1", "water/pump-1/reading"));
    CHECK(may_publish(access, "pump-1", "air/roof/pump-1/co2/raw"));
    CHECK_FALSE(may_publish(access, "pump-1", "water/pump-2/reading"));
    CHECK_FALSE(may_publish(access, "pump-1", "water/pump-11/reading"));
    CHECK_FALSE(may_publish(access, "pump-1", "water/pump-/reading"));
    CHECK_FALSE(may_publish(access, "pump-1", "water/Pump-1/reading"));
    CHECK_FALSE(may_publish(access, "pump-1", "water/pump-1/reading/more"));
    CHECK_FALSE(may_publish(access, "pump-1", "air/pump-1/pump-2"));
    CHECK_FALSE(may_publish(access, "pump-1", "pump-1"));
    CHECK_FALSE(may_publish(access, "pump-1", ""));
}

TEST_CASE("an identity of wildcards and slashes matches nothing of another", "[ingest]") {
    Access access = own_topics();
    for (const char* identity : {"+", "#", "pump-1/reading", "../pump-1", "water/pump-1"}) {
        INFO(identity);
        CHECK_FALSE(may_publish(access, identity, "water/pump-1/reading"));
        CHECK_FALSE(may_publish(access, identity, "water/pump-2/reading"));
    }
    CHECK_FALSE(may_publish(access, "pump-1/reading", "water/pump-1/reading/reading"));
}

TEST_CASE("who did not say who it is publishes what the source takes", "[ingest]") {
    Access access = own_topics();
    CHECK(may_publish(access, "", "water/pump-1/reading"));
    CHECK(may_publish(access, "", "elsewhere"));  // the pipeline refuses it as an unknown topic
}

TEST_CASE("an access table names one identity, or the beginning of several", "[ingest]") {
    Access access{
        {"water/{device}/reading"},
        {{"roof-1", {"water/+/reading", "air/#"}}, {"pump-*", {"water/{device}/reading"}}}};
    CHECK(may_publish(access, "roof-1", "water/pump-1/reading"));
    CHECK(may_publish(access, "roof-1", "air/anything/else"));
    CHECK_FALSE(may_publish(access, "roof-1", "gas/pump-1/reading"));
    CHECK_FALSE(may_publish(access, "roof-11", "water/pump-1/reading"));
    CHECK_FALSE(may_publish(access, "roof-1*", "water/pump-1/reading"));
    CHECK(may_publish(access, "pump-1", "water/pump-1/reading"));
    CHECK(may_publish(access, "pump-", "water/pump-/reading"));
    CHECK_FALSE(may_publish(access, "pump-1", "water/pump-2/reading"));
    CHECK_FALSE(may_publish(access, "pump", "water/pump/reading"));
    // Nobody else, not even in its own name.
    CHECK_FALSE(may_publish(access, "valve-1", "water/valve-1/reading"));
}

TEST_CASE("a star alone is everybody who has said who it is", "[ingest]") {
    Access access{{"water/{device}/reading"}, {{"*", {"water/+/reading"}}}};
    CHECK(may_publish(access, "valve-1", "water/pump-1/reading"));
    CHECK_FALSE(may_publish(access, "valve-1", "air/valve-1"));
}

TEST_CASE("only an entry without {device} lets an identity speak for others", "[ingest]") {
    using Leave = Access::Leave;
    Access source_alone{{"water/{device}/reading", "up", "air/#"}, {}};
    CHECK(source_alone.leave_of("pump-1", "water/pump-1/reading") == Leave::own_device);
    CHECK(source_alone.leave_of("pump-1", "up") == Leave::own_device);
    CHECK(source_alone.leave_of("pump-1", "air/pump-2") == Leave::own_device);
    CHECK(source_alone.leave_of("", "up") == Leave::any_device);
    Access access{
        {"water/{device}/reading"},
        {{"roof-1", {"water/{device}/reading", "water/+/reading"}},
         {"network", {"application/#"}},
         {"pump-*", {"water/{device}/#"}}}};
    CHECK(access.leave_of("roof-1", "water/roof-1/reading") == Leave::any_device);
    CHECK(access.leave_of("roof-1", "water/pump-1/reading") == Leave::any_device);
    CHECK(access.leave_of("network", "application/7/device/8/event/up") == Leave::any_device);
    CHECK(access.leave_of("network", "water/network/reading") == Leave::none);
    CHECK(access.leave_of("pump-1", "water/pump-1/reading") == Leave::own_device);
    CHECK(access.leave_of("pump-1", "water/pump-2/reading") == Leave::none);
}
