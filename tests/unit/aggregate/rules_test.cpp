#include "gateway/aggregate/rules.hpp"

#include "gateway/aggregate/error.hpp"
#include "tests/support/numbered_meters.hpp"

#include <catch2/catch.hpp>

#include <limits>

using namespace gateway;
using aggregate::Noise;
using aggregate::Registry;
using aggregate::Rules;
using std::chrono::hours;
using tests::support::NumberedMeters;

namespace {

constexpr std::chrono::seconds kDay = hours(24);

Rules daily() {
    Rules rules;
    rules.dataset = "electricity";
    rules.window = kDay;
    rules.grace = hours(6);
    rules.resolution = -3;
    return rules;
}

Rules noisy() {
    Rules rules = daily();
    rules.protection = Noise{30'000, {1, 1}, {30, 1}, kDay * 30};
    return rules;
}

Registry disjoint() {
    return NumberedMeters().put(0, 20, 0).put(20, 40, 1).registry({{"a"}, {"b"}}).value();
}

template <class Change>
bool is_possible(Rules rules, Change change) {
    change(rules);
    const auto checked = check(rules, disjoint());
    if (!checked) CHECK(checked.error() == aggregate::Errc::impossible_rule);
    return checked.has_value();
}

template <class Change>
bool is_possible_noise(Change change) {
    return is_possible(noisy(), [&](Rules& rules) { change(std::get<Noise>(rules.protection)); });
}

}  // namespace

TEST_CASE("rules within their bounds are taken", "[aggregate][rules]") {
    CHECK(check(daily(), disjoint()));
    CHECK(check(noisy(), disjoint()));
}

TEST_CASE("rules beyond their bounds are refused", "[aggregate][rules]") {
    CHECK_FALSE(is_possible(daily(), [](Rules& rules) { rules.dataset.clear(); }));
    CHECK_FALSE(is_possible(daily(), [](Rules& rules) { rules.window = hours(0); }));
    CHECK_FALSE(is_possible(daily(), [](Rules& rules) { rules.window = kDay * 367; }));
    CHECK_FALSE(is_possible(daily(), [](Rules& rules) { rules.grace = hours(-1); }));
    CHECK_FALSE(is_possible(daily(), [](Rules& rules) { rules.grace = kDay * 5; }));
    CHECK_FALSE(is_possible(daily(), [](Rules& rules) { rules.correction = rules.grace; }));
    CHECK(is_possible(daily(), [](Rules& rules) { rules.correction = kDay * 12; }));
    CHECK_FALSE(is_possible(daily(), [](Rules& rules) { rules.correction = kDay * 13; }));
    CHECK_FALSE(is_possible(daily(), [](Rules& rules) { rules.resolution = -13; }));
    CHECK_FALSE(is_possible(daily(), [](Rules& rules) { rules.resolution = 7; }));
    const auto thresholds = [](std::uint32_t meters, std::uint32_t share) {
        return is_possible(daily(), [&](Rules& rules) {
            rules.protection = aggregate::Thresholds{meters, share};
        });
    };
    CHECK(thresholds(3, 100));
    CHECK_FALSE(thresholds(2, 100));
    CHECK_FALSE(thresholds(11, 0));
    CHECK_FALSE(thresholds(11, 101));
}

TEST_CASE("noise beyond its bounds is refused", "[aggregate][rules]") {
    CHECK_FALSE(is_possible_noise([](Noise& noise) { noise.contribution_max = 0; }));
    CHECK_FALSE(is_possible_noise([](Noise& noise) {
        noise.contribution_max = std::numeric_limits<std::int64_t>::max() / 1000;
    }));
    CHECK_FALSE(is_possible_noise([](Noise& noise) { noise.epsilon = {0, 1}; }));
    CHECK_FALSE(is_possible_noise([](Noise& noise) { noise.cap = {1, 2}; }));  // below epsilon
    CHECK_FALSE(is_possible_noise([](Noise& noise) { noise.period = hours(36); }));
    CHECK_FALSE(is_possible_noise([](Noise& noise) { noise.period = hours(12); }));
    CHECK_FALSE(is_possible(noisy(), [](Rules& rules) { rules.correction = hours(12); }));
}

TEST_CASE("groups that may never be released together are refused", "[aggregate][rules]") {
    const auto close = NumberedMeters().put(0, 40, 0).put(5, 60, 1).registry({{"a"}, {"b"}});
    CHECK_FALSE(check(daily(), *close));
    const auto apart = NumberedMeters().put(0, 40, 0).put(20, 60, 1).registry({{"a"}, {"b"}});
    CHECK(check(daily(), *apart));
    CHECK_FALSE(check(noisy(), *apart));  // a meter of two groups would cost twice
    const auto total = NumberedMeters().put(0, 40, 1).registry({{"a"}, {"b", 0}});
    CHECK(check(daily(), *total));
    CHECK_FALSE(check(noisy(), *total));
}

TEST_CASE("windows are counted from 1970, before it as well", "[aggregate][rules]") {
    CHECK(aggregate::start_of_window(0, kDay) == 0);
    CHECK(aggregate::start_of_window(86'399, kDay) == 0);
    CHECK(aggregate::start_of_window(86'400, kDay) == 86'400);
    CHECK(aggregate::start_of_window(-1, kDay) == -86'400);
}
