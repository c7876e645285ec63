#include "drivers/mqtt_listener/turnaway.hpp"

#include <catch2/catch.hpp>

using namespace drivers::mqtt_listener;

TEST_CASE("every cause of a turn-away has a name of its own in the status", "[listener]") {
    Turnaways turnaways;
    CHECK(turnaways.by_cause().empty());
    for (std::size_t i = 0; i < kTurnawayCount; ++i) turnaways.count(static_cast<Turnaway>(i));
    turnaways.count(Turnaway::bad_connect);
    turnaways.count(Turnaway::taken_over);
    const std::map<std::string, std::uint64_t> expected{
        {"full", 1},
        {"not-introduced", 1},
        {"handshake", 1},
        {"bad-connect", 2},
        {"unauthenticated", 1},
        {"busy", 1},
        {"client-id", 1},
        {"malformed", 1},
        {"not-authorised", 1},
        {"refused", 1},
        {"silent", 1},
        {"stalled", 1},
        {"taken-over", 2}};
    CHECK(turnaways.by_cause() == expected);
}
