#include "tests/bench/load/number_set.hpp"

#include <catch2/catch.hpp>

#include <random>
#include <set>

using bench::NumberSet;

TEST_CASE("numbers in order are one range") {
    NumberSet numbers;
    for (std::uint64_t number = 5; number < 1000; ++number) REQUIRE(numbers.add(number));
    CHECK(numbers.size() == 995);
    CHECK(numbers.gaps() == 0);
    CHECK(numbers.to_text() == "5-999");
}

TEST_CASE("a number that is there is not added again") {
    NumberSet numbers;
    for (const auto number : {1U, 2U, 3U, 7U}) numbers.add(number);
    for (const auto number : {1U, 2U, 3U, 7U}) CHECK_FALSE(numbers.add(number));
    CHECK(numbers.size() == 4);
    CHECK(numbers.gaps() == 3);
    CHECK(numbers.to_text() == "1-3,7-7");
}

TEST_CASE("a set of numbers behaves as std::set does, in whatever order they come") {
    std::mt19937 random(7);
    NumberSet numbers;
    std::set<std::uint64_t> model;
    for (int i = 0; i < 5000; ++i) {
        const std::uint64_t number = random() % 2000;
        REQUIRE(numbers.add(number) == model.insert(number).second);
        REQUIRE(numbers.size() == model.size());
    }
    CHECK(numbers.gaps() == *model.rbegin() - *model.begin() + 1 - model.size());
    std::string text;
    for (auto at = model.begin(); at != model.end();) {
        const auto first = *at;
        auto last = first;
        while (++at != model.end() && *at == last + 1) last = *at;
        text += (text.empty() ? "" : ",") + std::to_string(first) + '-' + std::to_string(last);
    }
    CHECK(numbers.to_text() == text);
}
