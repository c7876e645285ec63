#include "gateway/settings/changes.hpp"

#include <catch2/catch.hpp>

using namespace gateway::settings;

namespace {

constexpr const char* kBefore = R"(
[gateway]
id = "box"
[[source]]
name = "meters"
driver = "mqtt"
topics = ["a/{device}"]
[source.json]
time = "/ts"
[[source]]
name = "air"
driver = "coap"
[[dataset]]
name = "water"
[dataset.fields]
device = { rule = "pseudonym", epoch = "P1M" }
[[uplink]]
name = "city"
url = "https://a.example/"
datasets = ["water"]
[[uplink]]
name = "other"
)";

std::string with(std::string text, const std::string& from, const std::string& to) {
    const auto at = text.find(from);
    REQUIRE(at != std::string::npos);
    return text.replace(at, from.size(), to);
}

using Kind = Change::Kind;

}  // namespace

TEST_CASE("comments, order and spelling are no change", "[settings]") {
    CHECK(changes(kBefore, kBefore).empty());
    const auto spelt = with(
        with(
            kBefore, "name = \"meters\"\ndriver = \"mqtt\"", "driver='mqtt' # x\nname = \"meters\""
        ),
        "{ rule = \"pseudonym\", epoch = \"P1M\" }",
        "{ epoch = \"P1M\", rule = \"pseudonym\" }"
    );
    CHECK(changes(kBefore, spelt).empty());
    CHECK(are_only_ways(kBefore, spelt));
}

TEST_CASE("a value that changes is named with both values", "[settings]") {
    const auto now = with(with(kBefore, "/ts", "/time"), "a.example", "b.example");
    CHECK(
        changes(kBefore, now) ==
        std::vector<Change>{
            {Kind::changed, "source", "meters", "json.time", "\"/ts\"", "\"/time\""},
            {Kind::changed,
             "uplink",
             "city",
             "url",
             "\"https://a.example/\"",
             "\"https://b.example/\""}}
    );
    CHECK(are_only_ways(kBefore, now));
}

TEST_CASE("a rule is one value", "[settings]") {
    const auto now = with(kBefore, "{ rule = \"pseudonym\", epoch = \"P1M\" }", "\"keep\"");
    CHECK(
        changes(kBefore, now) ==
        std::vector<Change>{
            {Kind::changed,
             "dataset",
             "water",
             "fields.device",
             "{ epoch = \"P1M\", rule = \"pseudonym\" }",
             "\"keep\""}}
    );
    CHECK_FALSE(are_only_ways(kBefore, now));
}

TEST_CASE("what comes and what goes is named once", "[settings]") {
    const auto now = with(kBefore, "\"air\"", "\"noise\"");
    CHECK(
        changes(kBefore, now) ==
        std::vector<Change>{
            {Kind::added, "source", "noise", "", "", ""},
            {Kind::removed, "source", "air", "", "", ""}}
    );
    CHECK(are_only_ways(kBefore, now));
    const auto status = std::string(kBefore) + "[status]\nlisten = \"\"\n";
    CHECK(
        changes(kBefore, status) ==
        std::vector<Change>{{Kind::added, "status", "", "listen", "", "\"\""}}
    );
    CHECK(
        changes(status, kBefore) ==
        std::vector<Change>{{Kind::removed, "status", "", "listen", "\"\"", ""}}
    );
    CHECK_FALSE(are_only_ways(kBefore, status));
}

TEST_CASE("who signs updates of devices is not exchanged while the rest goes on", "[settings]") {
    const auto with_keys = [](const std::string& keys) {
        return with(kBefore, "id = \"box\"", "id = \"box\"\nfirmware_keys = " + keys);
    };
    const auto now = with_keys("[\"a\"]");
    CHECK(
        changes(kBefore, now) ==
        std::vector<Change>{{Kind::added, "gateway", "", "firmware_keys", "", "[\"a\"]"}}
    );
    CHECK_FALSE(are_only_ways(kBefore, now));
    CHECK_FALSE(are_only_ways(now, kBefore));
    CHECK_FALSE(are_only_ways(now, with_keys("[\"b\"]")));
    CHECK_FALSE(are_only_ways(now, with_keys("[\"a\", \"b\"]")));
    CHECK(are_only_ways(now, now));
}

TEST_CASE("a long value is not shown", "[settings]") {
    const auto now = with(kBefore, "\"a/{device}\"", '"' + std::string(200, 'x') + '"');
    CHECK(
        changes(kBefore, now) ==
        std::vector<Change>{{Kind::changed, "source", "meters", "topics", "", ""}}
    );
}

TEST_CASE("uplinks keep their names, their order and their datasets", "[settings]") {
    CHECK_FALSE(are_only_ways(kBefore, with(kBefore, "\"other\"", "\"third\"")));
    CHECK_FALSE(are_only_ways(kBefore, with(kBefore, "[\"water\"]", "[]")));
    CHECK_FALSE(are_only_ways(kBefore, std::string(kBefore) + "[[uplink]]\nname = \"third\"\n"));
    const auto swapped = with(
        with(with(kBefore, "\"city\"", "\"x\""), "\"other\"", "\"city\""), "\"x\"", "\"other\""
    );
    CHECK_FALSE(are_only_ways(kBefore, swapped));
}
