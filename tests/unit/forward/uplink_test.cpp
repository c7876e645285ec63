#include "gateway/forward/http_uplink.hpp"
#include "gateway/forward/mqtt_uplink.hpp"
#include "gateway/forward/uplink_catalogue.hpp"

#include <catch2/catch.hpp>

using namespace gateway::forward;
using Outcome = Delivery::Outcome;

TEST_CASE("every status of the batch contract has its outcome", "[forward][http]") {
    const auto [status, outcome] = GENERATE(table<int, Outcome>({
        {200, Outcome::confirmed},    {201, Outcome::confirmed},    {204, Outcome::confirmed},
        {409, Outcome::confirmed},    {413, Outcome::too_large},    {400, Outcome::rejected},
        {422, Outcome::rejected},     {401, Outcome::unauthorised}, {403, Outcome::unauthorised},
        {407, Outcome::unauthorised}, {429, Outcome::unavailable},  {500, Outcome::unavailable},
        {502, Outcome::unavailable},  {503, Outcome::unavailable},  {504, Outcome::unavailable},
        {301, Outcome::unavailable},  {302, Outcome::unavailable},  {404, Outcome::unavailable},
        {408, Outcome::unavailable},
    }));
    HttpAnswer answer;
    answer.status = status;
    answer.retry_after = std::chrono::seconds{12};
    const Delivery delivery = delivery_of(answer);
    CHECK(delivery.outcome == outcome);
    CHECK(delivery.detail == "HTTP " + std::to_string(status));
    CHECK(delivery.retry_after == std::chrono::seconds{12});
}

TEST_CASE("no answer is no confirmation, and says why", "[forward][http]") {
    HttpAnswer answer;
    answer.failure = "Couldn't connect to server";
    CHECK(delivery_of(answer).outcome == Outcome::unavailable);
    CHECK(delivery_of(answer).detail == "Couldn't connect to server");
    HttpAnswer unread;
    unread.credentials_unread = true;
    CHECK(delivery_of(unread).outcome == Outcome::unauthorised);
}

TEST_CASE("topics name the gateway and the dataset", "[forward][mqtt]") {
    CHECK(
        expand_topic("passerelle/{gateway}/{dataset}/batches", "g", "water") ==
        "passerelle/g/water/batches"
    );
    CHECK(expand_topic("all", "g", "water") == "all");
}

TEST_CASE("an uplink is made for every kind of settings", "[forward]") {
    gateway::settings::Gateway gateway;
    gateway.id = "g";
    gateway::settings::Uplink settings;
    settings.name = "city";
    settings.kind = gateway::settings::HttpUplink{};
    CHECK(dynamic_cast<HttpUplink*>(make_uplink(settings, gateway).get()) != nullptr);
    settings.kind = gateway::settings::MqttUplink{};
    CHECK(dynamic_cast<MqttUplink*>(make_uplink(settings, gateway).get()) != nullptr);
}
