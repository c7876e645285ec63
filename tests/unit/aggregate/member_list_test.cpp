#include "gateway/aggregate/member_list.hpp"

#include <catch2/catch.hpp>

using namespace gateway;
using aggregate::parse_members;

namespace {

const std::vector<settings::SumGroup> kGroups{{"north", ""}, {"south", ""}};

std::string fault_of(std::string_view text) {
    const auto members = parse_members(text, kGroups);
    REQUIRE_FALSE(members);
    return members.error();
}

}  // namespace

TEST_CASE("members are read as spreadsheets save them", "[aggregate]") {
    const auto members = parse_members(
        "\xef\xbb\xbf# meter;group\r\n\r\nm-1;north\r\n m 2 ,\tsouth \nm-1\tsouth", kGroups
    );
    REQUIRE(members);
    REQUIRE(members->size() == 3);
    CHECK((*members)[0].meter == "m-1");
    CHECK((*members)[0].group == 0);
    CHECK((*members)[1].meter == "m 2");
    CHECK((*members)[1].group == 1);
    CHECK((*members)[2].meter == "m-1");
    CHECK((*members)[2].group == 1);
}

TEST_CASE("a fault of the list names the line, and no meter", "[aggregate]") {
    CHECK(fault_of("m-1;north\nm-2 north\n") == "line 2: write meter;group");
    CHECK(fault_of(";north") == "line 1: the meter's name is missing");
    CHECK(fault_of("\n\nm-1;west") == "line 3: there is no group \"west\" in the list of the sum");
    CHECK(fault_of("# nothing\n") == "it names no meter");
}

TEST_CASE("a list that is not there is told", "[aggregate]") {
    const auto members = aggregate::read_members("/nowhere/members.csv", kGroups);
    REQUIRE_FALSE(members);
    CHECK(members.error() == "the file /nowhere/members.csv cannot be read");
}
