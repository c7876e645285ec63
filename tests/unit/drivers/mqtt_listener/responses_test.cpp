#include "drivers/mqtt_listener/responses.hpp"

#include "scripted_channel.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <catch2/catch.hpp>

#include <vector>

using namespace drivers::mqtt_listener;
using namespace gateway::mqtt_codec;
using drivers::mqtt_listener::test::bytes_of;
using Kind = Responses::Kind;

namespace {

struct Fixture {
    boost::asio::io_context io{1};
    test::ChannelScript script{io.get_executor()};
    test::ScriptedChannel channel{script};
    gateway::runtime::TaskGroup tasks{io.get_executor(), [](std::exception_ptr) {}};
    Outgoing outgoing{channel, io.get_executor(), tasks, [] {}};
    std::vector<ReasonCode> ends;
    Responses responses{
        outgoing, Version::mqtt_5, [this](ReasonCode reason) { ends.push_back(reason); }};

    // What the device has got since it was last asked.
    std::string heard() {
        io.restart();
        io.poll();
        return std::exchange(script.outgoing, {});
    }
};

Puback puback(PacketIdentifier packet, ReasonCode reason = ReasonCode::success) {
    return Puback{{packet, reason}};
}

}  // namespace

TEST_CASE_METHOD(Fixture, "an answer waits for those before it", "[listener]") {
    const auto first = responses.open(Kind::puback, 1);
    const auto second = responses.open(Kind::pubrec, 2);
    const auto third = responses.open(Kind::pubcomp, 3);
    CHECK(responses.pending() == 3);
    responses.give(third, ReasonCode::success);
    responses.give(second, ReasonCode::success);
    CHECK(heard().empty());
    CHECK(responses.pending() == 3);
    responses.give(first, ReasonCode::success);
    CHECK(heard() == bytes_of(puback(1)) + bytes_of(Pubrec{{2}}) + bytes_of(Pubcomp{{3}}));
    CHECK(script.writes == 1);  // what one turn answers is one write
    CHECK(responses.pending() == 0);
    const auto next = responses.open(Kind::puback, 1);
    responses.give(next, ReasonCode::success);
    CHECK(heard() == bytes_of(puback(1)));
}

TEST_CASE_METHOD(Fixture, "a reason is given with its text", "[listener]") {
    const auto place = responses.open(Kind::puback, 1);
    responses.give(place, ReasonCode::quota_exceeded, "buffer-full");
    Puback expected = puback(1, ReasonCode::quota_exceeded);
    expected.properties.reason_string = "buffer-full";
    CHECK(heard() == bytes_of(expected));
    CHECK(ends.empty());
}

TEST_CASE_METHOD(Fixture, "an end comes in its turn, and nothing after it", "[listener]") {
    const auto first = responses.open(Kind::puback, 1);
    const auto second = responses.open(Kind::puback, 2);
    const auto third = responses.open(Kind::puback, 3);
    const auto fourth = responses.open(Kind::puback, 4);
    responses.give(third, ReasonCode::success);
    responses.give_end(fourth, ReasonCode::server_busy);
    responses.give_end(second, ReasonCode::server_shutting_down);
    CHECK(ends.empty());
    responses.give(first, ReasonCode::success);
    CHECK(ends == std::vector{ReasonCode::server_shutting_down});
    CHECK(heard() == bytes_of(puback(1)));
    CHECK(responses.pending() == 0);
    // Messages that were under way are still accounted for.
    const auto late = responses.open(Kind::puback, 5);
    CHECK(responses.pending() == 1);
    responses.give(late, ReasonCode::success);
    CHECK(responses.pending() == 0);
    CHECK(heard().empty());
}

TEST_CASE_METHOD(
    Fixture, "QoS 0 is under way, and answered nothing, not even an end", "[listener]"
) {
    const auto first = responses.open(Kind::none, 0);
    const auto second = responses.open(Kind::none, 0);
    const auto third = responses.open(Kind::puback, 1);
    CHECK(responses.pending() == 3);
    CHECK(responses.acknowledgements() == 1);
    responses.give_end(first, ReasonCode::server_busy);
    responses.give(second, ReasonCode::success);
    CHECK(responses.pending() == 1);
    responses.give(third, ReasonCode::success);
    CHECK(ends.empty());
    CHECK(heard() == bytes_of(puback(1)));
    CHECK(responses.acknowledgements() == 0);
}

TEST_CASE_METHOD(Fixture, "what counts for the maximum is PUBACK and PUBREC", "[listener]") {
    const auto first = responses.open(Kind::puback, 1);
    const auto second = responses.open(Kind::pubrec, 2);
    const auto third = responses.open(Kind::pubcomp, 3);
    CHECK(responses.acknowledgements() == 2);
    responses.give(third, ReasonCode::success);
    responses.give(second, ReasonCode::success);
    CHECK(responses.acknowledgements() == 2);  // the device has not heard of it
    responses.give_end(first, ReasonCode::server_busy);
    CHECK(responses.acknowledgements() == 0);
}

TEST_CASE_METHOD(Fixture, "a packet over the device's bound is not sent", "[listener]") {
    outgoing.limit_packets(12);
    const auto first = responses.open(Kind::puback, 1);
    responses.give(first, ReasonCode::quota_exceeded, "a text of some length");
    CHECK(heard() == bytes_of(puback(1, ReasonCode::quota_exceeded)));
    Suback large;
    large.packet_identifier = 1;
    large.reasons.assign(20, ReasonCode::success);
    CHECK_FALSE(outgoing.send(large, Version::mqtt_5));
    CHECK(heard().empty());
    large.reasons.resize(7);
    CHECK(outgoing.send(large, Version::mqtt_5));
    CHECK(heard().size() == 12);
}
