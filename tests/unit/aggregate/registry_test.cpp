#include "gateway/aggregate/registry.hpp"

#include "gateway/aggregate/error.hpp"
#include "tests/support/numbered_meters.hpp"

#include <catch2/catch.hpp>

#include <algorithm>

using namespace gateway;
using aggregate::Group;
using aggregate::Registry;
using tests::support::numbered_token;
using tests::support::NumberedMeters;

namespace {

std::vector<std::uint16_t> groups_of(const Registry& registry, std::uint32_t meter) {
    const auto groups = registry.groups_of(meter);
    return {groups.begin(), groups.end()};
}

bool is_possible(const NumberedMeters& meters, std::vector<Group> groups) {
    const auto registry = meters.registry(std::move(groups));
    if (!registry) CHECK(registry.error() == aggregate::Errc::impossible_rule);
    return registry.has_value();
}

}  // namespace

TEST_CASE("a meter is found with its groups and their totals", "[aggregate][registry]") {
    const auto registry = NumberedMeters()
                              .put(0, 3, 1)
                              .put(3, 5, 2)
                              .put(3, 4, 2)  // told twice is told once
                              .registry({{"city"}, {"north", 0}, {"south", 0}})
                              .value();
    CHECK(registry.meters() == 5);
    CHECK(registry.find(numbered_token(3)) == 3U);
    CHECK_FALSE(registry.find(numbered_token(5)));
    CHECK(groups_of(registry, 0) == std::vector<std::uint16_t>{0, 1});
    CHECK(groups_of(registry, 4) == std::vector<std::uint16_t>{0, 2});
    CHECK(registry.is_part_of(2, 0));
    CHECK_FALSE(registry.is_part_of(0, 2));
    CHECK_FALSE(registry.has_overlaps());
}

TEST_CASE("two registries may share meters", "[aggregate][registry]") {
    const auto of = [](std::uint32_t first, std::uint32_t last) {
        return NumberedMeters().put(first, last, 0).registry({{"a"}}).value();
    };
    CHECK(of(0, 10).shares_meters_with(of(9, 12)));
    CHECK(of(9, 12).shares_meters_with(of(0, 10)));
    CHECK(of(0, 20).shares_meters_with(of(4, 5)));
    CHECK_FALSE(of(0, 10).shares_meters_with(of(10, 12)));
    CHECK_FALSE(of(10, 12).shares_meters_with(of(0, 10)));
    CHECK_FALSE(of(0, 0).shares_meters_with(of(0, 10)));
}

TEST_CASE("lists of groups that mean nothing are refused", "[aggregate][registry]") {
    const NumberedMeters none;
    CHECK(is_possible(none, {{"a"}}));
    CHECK_FALSE(is_possible(none, {}));
    CHECK_FALSE(is_possible(none, {{""}}));
    CHECK_FALSE(is_possible(none, {{"a"}, {"a"}}));
    CHECK_FALSE(is_possible(none, {{"a", 0}}));
    CHECK_FALSE(is_possible(none, {{"part", 1}, {"total"}}));
    CHECK_FALSE(is_possible(none, {{"total"}, {"part", 0}, {"part of a part", 1}}));
    CHECK_FALSE(is_possible(NumberedMeters().put(0, 1, 1), {{"a"}}));
    CHECK_FALSE(is_possible(NumberedMeters().put(0, 1, 0), {{"total"}, {"part", 0}}));
    const auto in_both_parts = NumberedMeters().put(0, 2, 1).put(1, 3, 2);
    CHECK_FALSE(is_possible(in_both_parts, {{"total"}, {"one", 0}, {"other", 0}}));
    CHECK(is_possible(in_both_parts, {{"another"}, {"one"}, {"other"}}));
}

TEST_CASE("a registry is bounded", "[aggregate][registry]") {
    std::vector<Group> groups;
    NumberedMeters meters;
    for (std::size_t i = 0; i <= Registry::kGroupsOfMeterMax; ++i) {
        CHECK((i == 0 || is_possible(meters, groups)));
        groups.push_back({std::to_string(i)});
        meters.put(0, 1, i);
    }
    CHECK_FALSE(is_possible(meters, groups));
    while (groups.size() < Registry::kGroupsMax) groups.push_back({std::to_string(groups.size())});
    CHECK(is_possible({}, groups));
    groups.push_back({"one more"});
    CHECK_FALSE(is_possible({}, groups));
    const auto most = static_cast<std::uint32_t>(Registry::kMetersMax);
    CHECK(is_possible(NumberedMeters().put(0, most, 0), {{"a"}}));
    CHECK_FALSE(is_possible(NumberedMeters().put(0, most + 1, 0), {{"a"}}));
}

TEST_CASE("the fingerprint is of everything a window depends on", "[aggregate][registry]") {
    const std::vector<Group> groups{{"a"}, {"b"}};
    const auto one = NumberedMeters().put(0, 5, 0).registry(groups).value();
    CHECK(one.fingerprint() == NumberedMeters().put(0, 5, 0).registry(groups)->fingerprint());
    CHECK(one.fingerprint() != NumberedMeters().put(0, 4, 0).registry(groups)->fingerprint());
    CHECK(one.fingerprint() != NumberedMeters().put(0, 5, 1).registry(groups)->fingerprint());
    CHECK(one.fingerprint() != NumberedMeters().put(1, 6, 0).registry(groups)->fingerprint());
    const auto renamed = NumberedMeters().put(0, 5, 0).registry({{"a"}, {"c"}});
    CHECK(one.fingerprint() != renamed->fingerprint());
    const auto parts = NumberedMeters().put(0, 5, 1).registry({{"a"}, {"b", 0}});
    const auto apart = NumberedMeters().put(0, 5, 1).registry({{"a"}, {"b"}});
    CHECK(parts->fingerprint() != apart->fingerprint());
}

TEST_CASE("tokens follow from the device's text", "[aggregate][registry]") {
    CHECK(aggregate::token_of("meter-1") == aggregate::token_of("meter-1"));
    CHECK(aggregate::token_of("meter-1") != aggregate::token_of("meter-2"));
    // FIPS 180-4: SHA-256 of the empty text begins with e3 b0 c4 42.
    CHECK(aggregate::token_of("")[0] == std::byte{0xe3});
}
