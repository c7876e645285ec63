// Who knows a household's curve of one week looks for it among the records of another week, under
// other names: what each kind of output gives away. It is the attack by which a pseudonymous load
// curve is no anonymous one (arXiv 2404.03948), on invented households.
#include "clopper_pearson.hpp"
#include "tests/proof/proof_size.hpp"
#include "tests/support/households.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <cmath>
#include <functional>
#include <iomanip>
#include <numeric>
#include <sstream>
#include <string>
#include <vector>

using tests::support::Households;

namespace {

constexpr std::uint64_t kHouseholds = 400;
constexpr std::size_t kWeeks = 8;
constexpr double kConfidence = 0.95;

using Record = std::vector<double>;  // what is published of a household and a week
using Publish = std::function<Record(const Households::Week&)>;

// Sums of so many half hours after each other, as a coarser time gives them.
Record summed(const Households::Week& week, std::size_t half_hours) {
    Record record;
    for (std::size_t i = 0; i < week.size(); i += half_hours) {
        const auto from = week.begin() + static_cast<std::ptrdiff_t>(i);
        record.push_back(std::accumulate(from, from + static_cast<std::ptrdiff_t>(half_hours), 0.0)
        );
    }
    return record;
}

Record rounded(Record record, double step) {
    for (double& value : record) value = std::round(value / step) * step;
    return record;
}

// What the attacker compares: the usual working day and the usual day of a weekend, and how the
// values are spread (what runs day and night shows in the lowest).
Record features(const Record& record) {
    const std::size_t a_day = record.size() / Households::kDays;
    Record features(2 * a_day);
    for (std::size_t i = 0; i < record.size(); ++i) {
        const bool is_weekend = i / a_day >= 5;
        features[(is_weekend ? a_day : 0U) + i % a_day] += record[i] / (is_weekend ? 2 : 5);
    }
    Record sorted = record;
    std::sort(sorted.begin(), sorted.end());
    for (const std::size_t percent : {2U, 5U, 10U, 20U, 35U, 50U, 70U, 85U, 95U})
        features.push_back(sorted[percent * sorted.size() / 100]);
    for (double& value : features) value = std::log(value + 1);
    return features;
}

double distance(const Record& left, const Record& right) {
    double sum = 0;
    for (std::size_t i = 0; i < left.size(); ++i)
        sum += (left[i] - right[i]) * (left[i] - right[i]);
    return sum;
}

struct Linked {
    std::uint64_t tried = 0;
    std::uint64_t first = 0;  // the nearest record is the household's
    std::uint64_t among_five = 0;

    double top_1() const { return static_cast<double>(first) / static_cast<double>(tried); }
    double top_5() const { return static_cast<double>(among_five) / static_cast<double>(tried); }
};

std::vector<Record> all_features(
    const Households& households, std::size_t week, const Publish& publish
) {
    std::vector<Record> all;
    for (std::size_t i = 0; i < households.count(); ++i)
        all.push_back(features(publish(households.week(i, week))));
    return all;
}

// How much a feature moves from one week to the next in households that the attacker knows: what
// moves little tells most.
Record movement(const std::vector<Record>& one, const std::vector<Record>& next) {
    constexpr double kLeast = 1e-3;
    Record moved(one.front().size(), kLeast);
    for (std::size_t i = 0; i < one.size(); ++i) {
        for (std::size_t at = 0; at < moved.size(); ++at)
            moved[at] += std::abs(one[i][at] - next[i][at]) / static_cast<double>(one.size());
    }
    return moved;
}

void divide(std::vector<Record>& records, const Record& by) {
    for (Record& record : records) {
        for (std::size_t at = 0; at < by.size(); ++at) record[at] /= by[at];
    }
}

// Every household of the first half of the weeks is looked for in the week four later.
Linked attack(const Households& households, const Publish& publish) {
    Linked linked;
    for (std::size_t week = 0; week < kWeeks / 2; ++week) {
        auto known = all_features(households, week, publish);
        auto published = all_features(households, week + kWeeks / 2, publish);
        const std::size_t other_week = (week + 1) % (kWeeks / 2);
        const Record moved = movement(known, all_features(households, other_week, publish));
        divide(known, moved);
        divide(published, moved);
        for (std::size_t i = 0; i < known.size(); ++i) {
            const double own = distance(known[i], published[i]);
            std::size_t nearer = 0;
            for (const Record& other : published)
                nearer += distance(known[i], other) < own ? 1U : 0U;
            ++linked.tried;
            linked.first += nearer == 0 ? 1U : 0U;
            linked.among_five += nearer < 5 ? 1U : 0U;
        }
    }
    return linked;
}

// What is published of groups: how many meters each has, and half hours a window.
struct Groups {
    std::size_t meters;
    std::size_t window;

    std::size_t count(const Households& households) const { return households.count() / meters; }
    double chance(const Households& households) const {
        return 1 / static_cast<double>(count(households));
    }
};

// Groups of households after each other; a group's record is the sum of its households'.
std::vector<Record> group_sums(
    const Households& households, const Groups& groups, std::size_t week
) {
    std::vector<Record> sums(groups.count(households));
    for (std::size_t i = 0; i < sums.size() * groups.meters; ++i) {
        const Record record = summed(households.week(i, week), groups.window);
        Record& sum = sums[i / groups.meters];
        sum.resize(record.size());
        for (std::size_t at = 0; at < record.size(); ++at) sum[at] += record[at];
    }
    return sums;
}

// How alike two curves are around what all have in common: the covariance.
double likeness(const Record& left, const Record& right, const Record& usual) {
    double sum = 0;
    for (std::size_t i = 0; i < left.size(); ++i)
        sum += (left[i] - usual[i]) * (right[i] - usual[i]);
    return sum;
}

Record mean_of(const std::vector<Record>& records) {
    Record mean(records.front().size());
    for (const Record& record : records) {
        for (std::size_t i = 0; i < mean.size(); ++i)
            mean[i] += record[i] / static_cast<double>(records.size());
    }
    return mean;
}

// Which group is a household in? The attacker knows its curve of another week, and takes the group
// whose sum is most like it. `shift` moves the truth by so many groups: what chance alone gives.
Linked attack_groups(const Households& households, const Groups& groups, std::size_t shift) {
    Linked linked;
    for (std::size_t week = 0; week < kWeeks / 2; ++week) {
        std::vector<Record> sums;
        for (const Record& sum : group_sums(households, groups, week + kWeeks / 2))
            sums.push_back(features(sum));
        std::vector<Record> known;
        for (std::size_t i = 0; i < sums.size() * groups.meters; ++i)
            known.push_back(features(summed(households.week(i, week), groups.window)));
        const Record usual_sum = mean_of(sums);
        const Record usual = mean_of(known);
        for (std::size_t i = 0; i < known.size(); ++i) {
            Record odd = known[i];
            for (std::size_t at = 0; at < odd.size(); ++at) odd[at] += usual_sum[at] - usual[at];
            std::vector<double> alike;
            for (const Record& sum : sums) alike.push_back(likeness(odd, sum, usual_sum));
            const std::size_t own = (i / groups.meters + shift) % sums.size();
            const auto more = std::count_if(alike.begin(), alike.end(), [&](double other) {
                return other > alike[own];
            });
            ++linked.tried;
            linked.first += more == 0 ? 1U : 0U;
            linked.among_five += more < 5 ? 1U : 0U;
        }
    }
    return linked;
}

std::string card(const std::string& output, const Linked& linked, double chance) {
    std::ostringstream text;
    text << std::fixed << std::setprecision(1) << output << ": top 1 " << 100 * linked.top_1()
         << " %, top 5 " << 100 * linked.top_5() << " %, by chance " << 100 * chance << " %";
    return text.str();
}

Households households() {
    return {tests::proof::proof_size(kHouseholds), kWeeks, tests::proof::proof_seed()};
}

// Households enough for groups that chance does not find.
Households neighbourhoods() {
    constexpr std::uint64_t kLeast = 1'200;
    const auto count = std::max(kLeast, tests::proof::proof_size(kHouseholds));
    return {count, kWeeks, tests::proof::proof_seed()};
}

}  // namespace

TEST_CASE("half-hourly curves find their households again", "[privacy][relinking][control]") {
    const auto all = households();
    const double chance = 1.0 / static_cast<double>(all.count());
    const auto linked = attack(all, [](const auto& week) { return summed(week, 1); });
    WARN(card("half hours, a pseudonym a week", linked, chance));
    CHECK(linked.top_1() > 0.5);  // otherwise the attacker is too weak to tell anything
}

TEST_CASE("what coarser times of one meter give away", "[privacy][relinking]") {
    const auto all = households();
    const double chance = 1.0 / static_cast<double>(all.count());
    const auto half_hours = attack(all, [](const auto& week) { return summed(week, 1); });
    const auto hours = attack(all, [](const auto& week) { return summed(week, 2); });
    const auto days =
        attack(all, [](const auto& week) { return summed(week, Households::kHalfHours); });
    const auto rough = attack(all, [](const auto& week) {
        return rounded(summed(week, Households::kHalfHours), 1000);
    });
    WARN(card("hours", hours, chance));
    WARN(card("days", days, chance));
    WARN(card("days in whole kWh", rough, chance));
    // An hour buys almost nothing, a day much; and it still is a person's.
    CHECK(hours.top_1() > 0.8 * half_hours.top_1());
    CHECK(days.top_1() < 0.4 * half_hours.top_1());
    CHECK(days.top_1() > 2 * chance);
}

TEST_CASE("sums of groups hardly tell who is in them", "[privacy][relinking]") {
    const auto all = neighbourhoods();
    for (const Groups groups : {Groups{30, 1}, {30, 2}, {60, 1}}) {
        WARN(card(
            "groups of " + std::to_string(groups.meters) + ", windows of " +
                std::to_string(groups.window) + " half hours",
            attack_groups(all, groups, 0),
            groups.chance(all)
        ));
    }
    // What the documentation advises for open data.
    const Groups open{60, 2};
    const auto linked = attack_groups(all, open, 0);
    const auto control = attack_groups(all, open, 1);
    WARN(card("hours of groups of 60", linked, open.chance(all)));
    CHECK(linked.top_1() <= 2 * open.chance(all));
    // Anonymeter's residual risk: what the attack has over one that cannot be right.
    const double alpha = (1 - kConfidence) / 2;
    const double upper = tests::privacy::upper_bound(linked.first, linked.tried, alpha);
    const double residual = (upper - control.top_1()) / (1 - control.top_1());
    WARN("residual risk at most " << residual << " with " << 100 * kConfidence << " % confidence");
    CHECK(residual <= 0.05);
}
