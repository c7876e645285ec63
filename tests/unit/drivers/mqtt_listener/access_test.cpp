#include "drivers/mqtt_listener/access.hpp"

#include <catch2/catch.hpp>

using namespace drivers::mqtt_listener;

namespace {

Access own_topics() {
    return Access{{"water/{device}/reading", "air/+/{device}/#"}, {}};
}

}  // namespace

TEST_CASE("a device publishes where its identity stands for {device}", "[listener]") {
    Access access = own_topics();
    CHECK(access.may_publish("pump-1", "water/pump-1/reading"));
    CHECK(access.may_publish("pump-1", "air/roof/pump-1/co2/raw"));
    CHECK_FALSE(access.may_publish("pump-1", "water/pump-2/reading"));
    CHECK_FALSE(access.may_publish("pump-1", "water/pump-11/reading"));
    CHECK_FALSE(access.may_publish("pump-1", "water/pump-/reading"));
    CHECK_FALSE(access.may_publish("pump-1", "water/Pump-1/reading"));
    CHECK_FALSE(access.may_publish("pump-1", "water/pump-1/reading/more"));
    CHECK_FALSE(access.may_publish("pump-1", "air/pump-1/pump-2"));
    CHECK_FALSE(access.may_publish("pump-1", "pump-1"));
    CHECK_FALSE(access.may_publish("pump-1", ""));
}

TEST_CASE("an identity of wildcards and slashes matches nothing of another", "[listener]") {
    Access access = own_topics();
    for (const char* identity : {"+", "#", "pump-1/reading", "../pump-1", "water/pump-1"}) {
        INFO(identity);
        CHECK_FALSE(access.may_publish(identity, "water/pump-1/reading"));
        CHECK_FALSE(access.may_publish(identity, "water/pump-2/reading"));
    }
    CHECK_FALSE(access.may_publish("pump-1/reading", "water/pump-1/reading/reading"));
}

TEST_CASE("who did not say who it is publishes what the source takes", "[listener]") {
    Access access = own_topics();
    CHECK(access.may_publish("", "water/pump-1/reading"));
    CHECK(access.may_publish("", "elsewhere"));  // the pipeline refuses it as an unknown topic
}

TEST_CASE("an access table names one identity, or the beginning of several", "[listener]") {
    Access access{
        {"water/{device}/reading"},
        {{"roof-1", {"water/+/reading", "air/#"}}, {"pump-*", {"water/{device}/reading"}}}};
    CHECK(access.may_publish("roof-1", "water/pump-1/reading"));
    CHECK(access.may_publish("roof-1", "air/anything/else"));
    CHECK_FALSE(access.may_publish("roof-1", "gas/pump-1/reading"));
    CHECK_FALSE(access.may_publish("roof-11", "water/pump-1/reading"));
    CHECK_FALSE(access.may_publish("roof-1*", "water/pump-1/reading"));
    CHECK(access.may_publish("pump-1", "water/pump-1/reading"));
    CHECK(access.may_publish("pump-", "water/pump-/reading"));
    CHECK_FALSE(access.may_publish("pump-1", "water/pump-2/reading"));
    CHECK_FALSE(access.may_publish("pump", "water/pump/reading"));
    // Nobody else, not even in its own name.
    CHECK_FALSE(access.may_publish("valve-1", "water/valve-1/reading"));
}

TEST_CASE("a star alone is everybody who has said who it is", "[listener]") {
    Access access{{"water/{device}/reading"}, {{"*", {"water/+/reading"}}}};
    CHECK(access.may_publish("valve-1", "water/pump-1/reading"));
    CHECK_FALSE(access.may_publish("valve-1", "air/valve-1"));
}

TEST_CASE("a device subscribes to its own commands alone", "[listener]") {
    CHECK(Access::may_subscribe("pump-1", "passerelle/pump-1/#"));
    CHECK(Access::may_subscribe("pump-1", "passerelle/pump-1/+"));
    CHECK(Access::may_subscribe("pump-1", "passerelle/pump-1/set"));
    for (const char* filter :
         {"passerelle/pump-2/#",
          "passerelle/pump-11/#",
          "passerelle/+/#",
          "passerelle/#",
          "#",
          "passerelle/pump-1",
          "passerelle/pump-1/",
          "Passerelle/pump-1/#",
          "/passerelle/pump-1/#",
          "$SYS/#",
          ""}) {
        INFO(filter);
        CHECK_FALSE(Access::may_subscribe("pump-1", filter));
    }
    for (const char* device : {"+", "#", "a/b", ""}) {
        INFO(device);
        CHECK_FALSE(Access::may_subscribe(device, "passerelle/" + std::string{device} + "/set"));
    }
}
