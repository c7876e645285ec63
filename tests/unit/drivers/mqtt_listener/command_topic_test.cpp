#include "drivers/mqtt_listener/command_topic.hpp"

#include <catch2/catch.hpp>

#include <string>

using namespace drivers::mqtt_listener;

TEST_CASE("a device subscribes to its own commands alone", "[listener]") {
    CHECK(may_subscribe("pump-1", "passerelle/pump-1/#"));
    CHECK(may_subscribe("pump-1", "passerelle/pump-1/+"));
    CHECK(may_subscribe("pump-1", "passerelle/pump-1/set"));
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
        CHECK_FALSE(may_subscribe("pump-1", filter));
    }
    for (const char* device : {"+", "#", "a/b", ""}) {
        INFO(device);
        CHECK_FALSE(may_subscribe(device, "passerelle/" + std::string{device} + "/set"));
    }
}
