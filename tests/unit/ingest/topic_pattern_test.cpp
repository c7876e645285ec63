#include "gateway/ingest/topic_pattern.hpp"

#include <catch2/catch.hpp>

using gateway::ingest::NamedLevel;
using gateway::ingest::TopicPattern;

namespace {

// "name=text" of each named level, or "no match".
std::string matched(const char* pattern, const char* topic) {
    const auto parsed = TopicPattern::parse(pattern);
    REQUIRE(parsed);
    std::vector<NamedLevel> levels;
    if (!parsed->match(topic, levels)) return "no match";
    std::string text;
    for (const auto& level : levels)
        text.append(level.name).append("=").append(level.text).append(";");
    return text;
}

}  // namespace

TEST_CASE("named levels of a topic are found by their pattern", "[ingest]") {
    CHECK(matched("water/{device}/reading", "water/m-1/reading") == "device=m-1;");
    CHECK(matched("{site}/+/{device}", "north/x/m-1") == "site=north;device=m-1;");
    CHECK(matched("app/+/device/{device}/#", "app/1/device/00aa/event/up") == "device=00aa;");
    CHECK(matched("a/#", "a").empty());
    CHECK(matched("a/b", "a/b").empty());
}

TEST_CASE("a topic of another shape does not match", "[ingest]") {
    for (const char* topic :
         {"", "water", "water/m", "water/m/reading/x", "Water/m/reading", "/water/m/reading"}) {
        CHECK(matched("water/{device}/reading", topic) == "no match");
    }
}

TEST_CASE("a pattern that means nothing is an error", "[ingest]") {
    const std::string deep = [] {
        std::string text = "a";
        for (int i = 0; i < 40; ++i) text += "/a";
        return text;
    }();
    for (const std::string& text :
         {std::string(),
          std::string("a/#/b"),
          std::string("a/{}"),
          std::string("a+/b"),
          std::string("a/x{device}"),
          std::string("a#"),
          deep}) {
        INFO(text);
        CHECK_FALSE(TopicPattern::parse(text));
    }
}
