#include "gateway/model/quantity.hpp"
#include "gateway/model/vocabulary_table.hpp"

#include <catch2/catch.hpp>

#include <algorithm>

using namespace gateway::model;

TEST_CASE("the vocabulary knows its quantities by name with unit and range", "[model]") {
    const Vocabulary vocabulary;
    const auto* volume = vocabulary.find("water.volume");
    REQUIRE(volume);
    CHECK(volume->unit == "m3");
    CHECK(volume->min == Decimal{0, 0});
    CHECK(volume->max == Decimal{1, 9});
    CHECK(vocabulary.find("energy.active.import")->unit == "kW.h");
    CHECK_FALSE(vocabulary.find("analog.input")->min);
    CHECK_FALSE(vocabulary.find("water"));
    CHECK_FALSE(vocabulary.find(""));
}

TEST_CASE(
    "the built-in table has dotted lower-case names, once each, with sane ranges", "[model]"
) {
    for (const auto& entry : built_in_quantities()) {
        INFO(entry.name);
        CHECK(std::all_of(entry.name.begin(), entry.name.end(), [](char c) {
            return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.' || c == '_';
        }));
        CHECK_FALSE(entry.unit.empty());
        const auto min = parse_decimal(entry.min);
        const auto max = parse_decimal(entry.max);
        CHECK(min.has_value() != entry.min.empty());
        CHECK(max.has_value() != entry.max.empty());
        if (min && max) CHECK(compare(*min, *max) == std::strong_ordering::less);
    }
    CHECK(Vocabulary{}.all().size() == built_in_quantities().size());
}

TEST_CASE("a configured quantity adds to the vocabulary or replaces an entry in place", "[model]") {
    Vocabulary vocabulary;
    const auto* before = vocabulary.find("water.volume");
    vocabulary.add({.name = "water.volume", .unit = "L"});
    vocabulary.add({.name = "well.depth", .unit = "m", .min = Decimal{0, 0}});
    CHECK(vocabulary.find("water.volume") == before);
    CHECK(before->unit == "L");
    CHECK(vocabulary.find("well.depth")->min == Decimal{0, 0});
}

TEST_CASE("all quantities come sorted by name", "[model]") {
    const Vocabulary vocabulary;
    const auto all = vocabulary.all();
    CHECK(std::is_sorted(all.begin(), all.end(), [](const Quantity* left, const Quantity* right) {
        return left->name < right->name;
    }));
}
