// What the charter says of rules and spans.
#include "gateway/cli/plain_words.hpp"

#include "gateway/language/translate.hpp"

#include <catch2/catch.hpp>

#include <vector>

using namespace gateway::cli;
using namespace gateway::settings;

TEST_CASE("a span is said in its largest whole unit", "[cli][register]") {
    gateway::language::choose("en");
    CHECK(plain_span(seconds{86400}) == "1 day");
    CHECK(plain_span(seconds{30 * 86400}) == "30 days");
    CHECK(plain_span(seconds{36 * 3600}) == "36 hours");
    CHECK(plain_span(seconds{3600}) == "1 hour");
    CHECK(plain_span(seconds{900}) == "15 minutes");
    CHECK(plain_span(seconds{90}) == "90 seconds");
}

TEST_CASE("every rule has plain words of its own", "[cli][register]") {
    gateway::language::choose("en");
    const std::vector<Rule> rules{
        Keep{},
        Drop{},
        Pseudonym{},
        Pseudonym{seconds{0}},
        Coarsen{},
        Grid{},
        Round{},
        Bin{},
        TopCode{},
        Network{},
        Patterns{}};
    std::vector<std::string> said;
    for (const auto& rule : rules) {
        const auto words = plain_rule(rule);
        CHECK(words.starts_with("is "));
        for (const auto& other : said) CHECK(words != other);
        said.push_back(words);
    }
    CHECK(plain_rule(Pseudonym{}) == "is replaced by a made-up name, another one every 30 days");
    CHECK(plain_rule(Round{{5, -1}}) == "is rounded (to 0.5)");
}
