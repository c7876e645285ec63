#include "drivers/mqtt_listener/topic_aliases.hpp"

#include "drivers/mqtt_listener/bounds.hpp"

#include <catch2/catch.hpp>

using namespace drivers::mqtt_listener;
using gateway::mqtt_codec::Publish;
using gateway::mqtt_codec::ReasonCode;

namespace {

Publish publish(std::string_view topic, std::optional<std::uint16_t> alias) {
    Publish made;
    made.topic = topic;
    made.properties.topic_alias = alias;
    return made;
}

std::string topic_in(TopicAliases& aliases, const Publish& packet) {
    const auto topic = aliases.topic_of(packet);
    return topic ? std::string{*topic} : "(a fault)";
}

}  // namespace

TEST_CASE("a topic without an alias is itself", "[listener]") {
    TopicAliases aliases;
    CHECK(topic_in(aliases, publish("a/b", std::nullopt)) == "a/b");
}

TEST_CASE("an alias stands for the topic it was last given", "[listener]") {
    TopicAliases aliases;
    {
        const std::string packet = "first/topic of some length";
        CHECK(topic_in(aliases, publish(packet, 1)) == packet);
    }
    CHECK(topic_in(aliases, publish("", 1)) == "first/topic of some length");
    CHECK(topic_in(aliases, publish("last", kTopicAliasesMax)) == "last");
    CHECK(topic_in(aliases, publish("", 1)) == "first/topic of some length");
    CHECK(topic_in(aliases, publish("second", 1)) == "second");
    CHECK(topic_in(aliases, publish("", 1)) == "second");
}

TEST_CASE("an alias without a topic, or over the bound, is a fault", "[listener]") {
    TopicAliases aliases;
    CHECK(aliases.topic_of(publish("", 3)).error().reason == ReasonCode::protocol_error);
    CHECK(topic_in(aliases, publish("a", 4)) == "a");
    CHECK(aliases.topic_of(publish("", 3)).error().reason == ReasonCode::protocol_error);
    const auto beyond = aliases.topic_of(publish("a", kTopicAliasesMax + 1));
    CHECK(beyond.error().reason == ReasonCode::topic_alias_invalid);
    CHECK(beyond.error().detail[0] != '\0');
}

TEST_CASE("a topic over the bound is not kept, nor what it was to replace", "[listener]") {
    TopicAliases aliases;
    const std::string longest(kTopicBytesMax, 't');
    const std::string too_long = longest + 't';
    CHECK(topic_in(aliases, publish(longest, 1)) == longest);
    CHECK(topic_in(aliases, publish("", 1)) == longest);
    CHECK(topic_in(aliases, publish(too_long, 1)) == too_long);
    CHECK(aliases.topic_of(publish("", 1)).error().reason == ReasonCode::protocol_error);
}
