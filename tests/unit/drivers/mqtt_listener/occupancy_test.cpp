#include "drivers/mqtt_listener/occupancy.hpp"

#include <catch2/catch.hpp>

using namespace drivers::mqtt_listener;

TEST_CASE("connections are counted in all and by address, strangers apart", "[listener]") {
    const auto here = boost::asio::ip::make_address("192.0.2.1");
    const auto there = boost::asio::ip::make_address("2001:db8::1");
    Occupancy occupancy;
    occupancy.arrive(here);
    occupancy.arrive(here);
    occupancy.arrive(there);
    CHECK(occupancy.present() == 3);
    CHECK(occupancy.present_from(here) == 2);
    CHECK(occupancy.strangers() == 3);
    occupancy.introduce(here);
    CHECK(occupancy.strangers() == 2);
    CHECK(occupancy.strangers_from(here) == 1);
    CHECK(occupancy.strangers_from(there) == 1);
    occupancy.leave(here, true);
    CHECK(occupancy.present_from(here) == 1);
    CHECK(occupancy.strangers_from(here) == 1);
    occupancy.leave(here, false);
    CHECK(occupancy.present_from(here) == 0);
    CHECK(occupancy.strangers() == 1);
    CHECK(occupancy.present() == 1);
    occupancy.leave(there, false);
    CHECK(occupancy.present() == 0);
    CHECK(occupancy.strangers() == 0);
}
