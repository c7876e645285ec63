#include "gateway/anonymise/name_prints.hpp"

#include <catch2/catch.hpp>

#include <cstring>
#include <string>

using gateway::anonymise::NamePrints;

TEST_CASE("a name has one print in a table, and another in another one", "[prints]") {
    const NamePrints prints;
    CHECK(prints.of("meter-7") == prints.of(std::string("meter-") + "7"));
    CHECK(prints.of("meter-7") != prints.of("meter-8"));
    CHECK(prints.of("") != prints.of(std::string(1, '\0')));
    CHECK(prints.of("meter-7") != NamePrints().of("meter-7"));
}

TEST_CASE("a print says nothing of its name", "[prints]") {
    const auto print = NamePrints().of("0123456789abcdef");
    CHECK(std::memcmp(print.data(), "0123456789abcdef", print.size()) != 0);
}
