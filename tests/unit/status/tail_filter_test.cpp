#include "gateway/status/tail_filter.hpp"

#include <catch2/catch.hpp>

using gateway::status::parse_tail_filter;
using gateway::status::TailFilter;

TEST_CASE("a filter comes as it was asked for", "[status]") {
    for (const TailFilter& filter :
         {TailFilter{}, TailFilter{"water", "", true}, TailFilter{"", "a\"b\\\u00e9", false}})
        CHECK(parse_tail_filter(to_json(filter)) == filter);
}

TEST_CASE("what is no filter is not taken for one", "[status]") {
    for (const char* text :
         {"",
          "{}",
          "[]",
          "{\"dataset\":\"\",\"device\":\"\"}",
          "{\"dataset\":1,\"device\":\"\",\"only_refused\":false}",
          "{\"dataset\":\"\",\"device\":\"\",\"only_refused\":\"no\"}"}) {
        INFO(text);
        CHECK_FALSE(parse_tail_filter(text));
    }
}
