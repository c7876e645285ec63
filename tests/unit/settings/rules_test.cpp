// The rules of a dataset's fields: how each is written, and what is said about mistakes in it.
#include "gateway/settings/rule_text.hpp"
#include "tests/unit/settings/sample.hpp"

#include <catch2/catch.hpp>

#include <string>

using namespace gateway::settings;

namespace {

std::string with_field(const std::string& line) {
    return sample::with("device = \"pseudonym\"", "device = \"pseudonym\"\n" + line);
}

// The rule of `field` as it was understood.
std::string rule(const std::string& field, const std::string& written) {
    const auto result = sample::load(with_field(field + " = " + written));
    if (!result.settings) return to_string(result.diagnostics.front());
    return to_string(result.settings->datasets[0].fields.at(field));
}

// The one diagnostic, without the name of the file; the field stands in line 27.
std::string fault(const std::string& line) {
    const auto result = sample::load(with_field(line));
    CHECK_FALSE(result.settings);
    CHECK(result.diagnostics.size() == 1);
    return to_string(result.diagnostics.front()).substr(7);
}

}  // namespace

TEST_CASE("a rule for numbers takes its bounds from the configuration", "[settings][rules]") {
    CHECK(rule("value", "{ rule = \"bin\", edges = [0, 2.5, 10] }") == "bin, edges 0 2.5 10");
    CHECK(rule("age", "{ rule = \"bin\", edges = [0, 18] }") == "bin, edges 0 18");
    CHECK(rule("value", "{ rule = \"topcode\", max = 50 }") == "topcode, max 50");
    CHECK(rule("age", "{ rule = \"topcode\", min = 18, max = 90 }") == "topcode, min 18, max 90");
}

TEST_CASE("a field of a personal type becomes a pseudonym or is dropped", "[settings][rules]") {
    CHECK(rule("a", "\"mac\"") == "mac, then pseudonym, epoch 30 d");
    CHECK(rule("a", "{ rule = \"mac\", epoch = \"none\" }") == "mac, then pseudonym, epoch none");
    CHECK(
        rule("a", "{ rule = \"phone\", country = \"216\" }") ==
        "phone, then pseudonym, epoch 30 d, country 216"
    );
    CHECK(rule("a", "{ rule = \"phone\", then = \"drop\" }") == "drop");
    CHECK(rule("a", "\"email\"") == "email, then pseudonym, epoch 30 d");
    CHECK(rule("a", "\"iban\"") == "iban, then pseudonym, epoch 30 d");
    CHECK(rule("a", "\"name\"") == "drop");
    CHECK(
        rule("a", "{ rule = \"name\", then = \"pseudonym\" }") == "name, then pseudonym, epoch 30 d"
    );
}

TEST_CASE("an Internet address becomes a network unless more is asked for", "[settings][rules]") {
    CHECK(rule("a", "\"ip\"") == "ip, v4 24, v6 48");
    CHECK(rule("a", "{ rule = \"ip\", v4 = 16, v6 = 32 }") == "ip, v4 16, v6 32");
    CHECK(rule("a", "{ rule = \"ip\", then = \"pseudonym\" }") == "ip, then pseudonym, epoch 30 d");
    CHECK(rule("a", "{ rule = \"ip\", then = \"drop\" }") == "drop");
}

TEST_CASE("a free text is dropped unless patterns are asked for", "[settings][rules]") {
    CHECK(rule("a", "\"text\"") == "drop");
    CHECK(rule("a", "{ rule = \"text\", mode = \"drop\" }") == "drop");
    CHECK(rule("a", "{ rule = \"text\", mode = \"patterns\" }") == "text, mode patterns");
}

TEST_CASE("a device may be a hardware address or a telephone number", "[settings][rules]") {
    const auto device = [](const std::string& written) {
        const auto result =
            sample::load(sample::with("device = \"pseudonym\"", "device = " + written));
        REQUIRE(result.settings);
        return to_string(result.settings->datasets[0].fields.at("device"));
    };
    CHECK(device("\"mac\"") == "mac, then pseudonym, epoch 30 d");
    CHECK(
        device("{ rule = \"phone\", country = \"33\", epoch = \"P1D\" }") ==
        "phone, then pseudonym, epoch 1 d, country 33"
    );
}

TEST_CASE("a mistake in a rule is told where it stands", "[settings][rules]") {
    CHECK(fault("value = \"bin\"") == "27:9: 'edges' is missing in value: add edges = …");
    CHECK(
        fault("value = { rule = \"bin\", edges = [0, 10, 10] }") ==
        "27:33: 'edges' must be 2 to 64 numbers, each above the one before it: begin with the "
        "lowest value that can come, such as [0, 10, 50]"
    );
    CHECK(
        fault("value = { rule = \"bin\", edges = 10 }") ==
        "27:33: 'edges' is a whole number: write a list of numbers such as [0, 10, 50]"
    );
    CHECK(
        fault("value = \"topcode\"") ==
        "27:9: 'topcode' has neither 'min' nor 'max': write the bounds that rare values are cut "
        "to, such as max = 50"
    );
    CHECK(
        fault("a = { rule = \"topcode\", min = 5, max = 5 }") ==
        "27:5: 'min' is not below 'max': write the bounds that rare values are cut to, such as max "
        "= 50"
    );
    CHECK(
        fault("a = { rule = \"ip\", v4 = 32 }") ==
        "27:25: 'v4' is not a length of a network that can be shown: write 24 or 16"
    );
    CHECK(
        fault("a = { rule = \"phone\", country = \"+216\" }") ==
        "27:33: \"+216\" is not a country code: write its digits in quotes and without '+', such "
        "as \"216\""
    );
    CHECK(
        fault("a = { rule = \"mac\", then = \"show\" }") ==
        "27:28: 'then' cannot be \"show\": write one of \"pseudonym\", \"token\", \"drop\""
    );
    CHECK(
        fault("a = { rule = \"name\", epoch = \"P1M\" }") ==
        "27:22: 'epoch' is not a key of a: it belongs to then = \"pseudonym\": remove it here"
    );
    CHECK(
        fault("a = { rule = \"email\", country = \"216\" }") ==
        "27:23: 'country' is not a key of a: it belongs to rule = \"phone\": remove it here"
    );
    CHECK(
        fault("a = { rule = \"text\", mode = \"all\" }") ==
        "27:29: 'mode' cannot be \"all\": write one of \"drop\", \"patterns\""
    );
}

TEST_CASE("a rule for a person's field is none for time or value", "[settings][rules]") {
    CHECK(
        fault("value = \"mac\"") ==
        "27:9: 'value' cannot be \"mac\": write one of \"round\", \"bin\", \"topcode\", \"keep\""
    );
    CHECK(
        fault("time = \"bin\"") ==
        "27:8: 'time' cannot be \"bin\": write one of \"coarsen\", \"keep\""
    );
}
