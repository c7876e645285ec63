#include "gateway/mqtt_codec/codec.hpp"
#include "samples.hpp"

#include <catch2/catch.hpp>

#include <atomic>
#include <cstdlib>
#include <new>

using namespace gateway::mqtt_codec;
using namespace gateway::mqtt_codec::test;

namespace {

std::atomic<std::size_t> allocations = 0;

ReasonCode reason_of(const Packet& packet, Role receiver) {
    const std::string bytes = encoded(packet, Version::mqtt_5);
    const auto decoded = decode(bytes, Version::mqtt_5, receiver);
    if (decoded) return ReasonCode::success;
    return decoded.error().reason;
}

}  // namespace

// Counted; all of the forms that may meet each other, so that what one takes another can give back.
void* operator new(std::size_t size) {
    ++allocations;
    if (void* memory = std::malloc(size); memory != nullptr) return memory;
    throw std::bad_alloc();
}

void* operator new(std::size_t size, const std::nothrow_t& /*tag*/) noexcept {
    ++allocations;
    return std::malloc(size);
}

void operator delete(void* memory) noexcept {
    std::free(memory);
}

void operator delete(void* memory, const std::nothrow_t& /*tag*/) noexcept {
    std::free(memory);
}

void operator delete(void* memory, std::size_t /*size*/) noexcept {
    std::free(memory);
}

TEST_CASE("a PUBLISH without lists is decoded without an allocation", "[mqtt]") {
    Publish publish{false, Qos::at_least_once, false, "water/d-1", 1, std::string_view{"{}"}};
    publish.properties.topic_alias = 1;
    publish.properties.content_type = "application/json";
    publish.properties.correlation_data = "x";
    for (const Version version : {Version::mqtt_3_1_1, Version::mqtt_5}) {
        const std::string bytes = encoded(publish, version);
        const std::size_t before = allocations;
        const auto decoded = decode(bytes, version, Role::server);
        CHECK(allocations == before);
        REQUIRE(decoded);
    }
    publish.properties.user_properties = {{"a", "b"}};
    const std::string bytes = encoded(publish, Version::mqtt_5);
    const std::size_t before = allocations;
    const auto decoded = decode(bytes, Version::mqtt_5, Role::server);
    CHECK(allocations == before + 1);
    REQUIRE(decoded);
}

TEST_CASE("lists are as long as their bounds, and no longer", "[mqtt]") {
    Publish publish;
    publish.topic = "a";
    publish.properties.user_properties.resize(kUserPropertiesMax);
    publish.properties.subscription_identifiers.assign(kSubscriptionIdentifiersMax, 1);
    CHECK(reason_of(publish, Role::client) == ReasonCode::success);
    publish.properties.user_properties.emplace_back();
    CHECK(reason_of(publish, Role::client) == ReasonCode::quota_exceeded);
    publish.properties.user_properties.pop_back();
    publish.properties.subscription_identifiers.push_back(1);
    CHECK(reason_of(publish, Role::client) == ReasonCode::quota_exceeded);

    Subscribe subscribe{1, std::vector<Subscription>(kTopicFiltersMax, {"a"}), {}};
    Unsubscribe unsubscribe{1, std::vector<Text>(kTopicFiltersMax, "a"), {}};
    CHECK(reason_of(subscribe, Role::server) == ReasonCode::success);
    CHECK(reason_of(unsubscribe, Role::server) == ReasonCode::success);
    subscribe.subscriptions.push_back({"a"});
    unsubscribe.filters.push_back("a");
    CHECK(reason_of(subscribe, Role::server) == ReasonCode::quota_exceeded);
    CHECK(reason_of(unsubscribe, Role::server) == ReasonCode::quota_exceeded);

    Suback suback{1, std::vector<ReasonCode>(kTopicFiltersMax), {}};
    CHECK(reason_of(suback, Role::client) == ReasonCode::success);
    suback.reasons.emplace_back();
    CHECK(reason_of(suback, Role::client) == ReasonCode::quota_exceeded);
}
