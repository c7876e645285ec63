// What can be computed from all sums that are released in a period by adding and subtracting them:
// no meter's value, and no difference of two sums that is one of a few meters.
#include "gateway/aggregate/group_decision.hpp"
#include "random_windows.hpp"
#include "tests/proof/proof_size.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <cstdint>
#include <functional>
#include <map>
#include <utility>
#include <vector>

using namespace gateway;
using namespace tests::privacy;
using aggregate::GroupDecision;
using aggregate::Registry;
using aggregate::Thresholds;

namespace {

constexpr std::uint64_t kWindows = 600;
constexpr Thresholds kRule{5, 50};

// One unknown a meter, one row of 0 and 1 a released sum; values modulo a prime that has nothing to
// do with the one of the gateway.
using Matrix = std::vector<std::vector<std::uint64_t>>;
constexpr std::uint64_t kPrime = 2'147'483'629;

std::uint64_t power(std::uint64_t value, std::uint64_t exponent) {
    std::uint64_t result = 1;
    for (; exponent != 0; exponent /= 2) {
        if (exponent % 2 == 1) result = result * value % kPrime;
        value = value * value % kPrime;
    }
    return result;
}

void eliminate(Matrix& rows, std::size_t pivot, std::size_t column) {
    const std::uint64_t factor = power(rows[pivot][column], kPrime - 2);
    for (auto& value : rows[pivot]) value = value * factor % kPrime;
    for (std::size_t other = 0; other < rows.size(); ++other) {
        const std::uint64_t times = rows[other][column];
        if (other == pivot || times == 0) continue;
        for (std::size_t i = 0; i < rows[other].size(); ++i)
            rows[other][i] = (rows[other][i] + (kPrime - times) * rows[pivot][i]) % kPrime;
    }
}

// Columns in which the same rows stand tell nothing apart: the more meters such a class has, the
// earlier it is eliminated, so that what is left are rows of few meters, if there are any.
std::vector<std::size_t> columns_by_class(const Matrix& rows) {
    std::map<std::vector<std::uint64_t>, std::vector<std::size_t>> classes;
    for (std::size_t column = 0; !rows.empty() && column < rows[0].size(); ++column) {
        std::vector<std::uint64_t> of_column;
        for (const auto& row : rows) of_column.push_back(row[column]);
        classes[of_column].push_back(column);
    }
    std::multimap<std::size_t, std::vector<std::size_t>, std::greater<>> by_size;
    for (auto& [of_column, members] : classes) {
        const std::size_t size = members.size();
        by_size.emplace(size, std::move(members));
    }
    std::vector<std::size_t> columns;
    for (const auto& [size, members] : by_size)
        columns.insert(columns.end(), members.begin(), members.end());
    return columns;
}

// How many combinations of few unknowns, single ones among them, the rows determine.
std::uint64_t determined(Matrix rows) {
    std::size_t done = 0;
    for (const std::size_t column : columns_by_class(rows)) {
        if (done == rows.size()) break;
        const auto has_one = [&](const auto& row) { return row[column] != 0; };
        const auto from = rows.begin() + static_cast<std::ptrdiff_t>(done);
        const auto found = std::find_if(from, rows.end(), has_one);
        if (found == rows.end()) continue;
        std::iter_swap(from, found);
        eliminate(rows, done++, column);
    }
    return static_cast<std::uint64_t>(std::count_if(rows.begin(), rows.end(), [](const auto& row) {
        const auto zeros = static_cast<std::size_t>(std::count(row.begin(), row.end(), 0U));
        const std::size_t unknowns = row.size() - zeros;
        return unknowns > 0 && unknowns < kRule.meters_min;
    }));
}

struct Tally {
    std::uint64_t released = 0;
    std::uint64_t determined = 0;
    std::uint64_t small_differences = 0;  // of pairs of sums
};

bool differ_by_few(
    const std::vector<std::uint64_t>& left, const std::vector<std::uint64_t>& right
) {
    std::uint32_t first = 0;
    std::uint32_t second = 0;
    for (std::size_t meter = 0; meter < left.size(); ++meter) {
        if (left[meter] > right[meter]) ++first;
        if (left[meter] < right[meter]) ++second;
    }
    // With members on both sides neither is told; with none on both nothing is.
    const std::uint32_t members = first == 0 || second == 0 ? first + second : 0;
    return members > 0 && members < kRule.meters_min;
}

// The rows that the released sums of one window are, over all of its meters.
Matrix rows_of(
    const Registry& registry, const SpoolLog& log, const std::vector<GroupDecision>& decisions
) {
    Matrix rows;
    for (std::size_t group = 0; group < decisions.size(); ++group) {
        if (decisions[group].suppressed) continue;
        std::vector<std::uint64_t> row(registry.meters());
        for (const auto& brought : log) {
            const auto groups = registry.groups_of(brought.meter);
            row[brought.meter] = static_cast<std::uint64_t>(
                std::count(groups.begin(), groups.end(), static_cast<std::uint16_t>(group))
            );
        }
        rows.push_back(std::move(row));
    }
    return rows;
}

void attack(const Matrix& rows, Tally& tally) {
    tally.released += rows.size();
    tally.determined += determined(rows);
    for (std::size_t left = 0; left < rows.size(); ++left) {
        for (std::size_t right = left + 1; right < rows.size(); ++right)
            tally.small_differences += differ_by_few(rows[left], rows[right]) ? 1U : 0U;
    }
}

enum class Policy {
    as_it_is,
    without_overlap_rule,  // each sum by its own meters alone
    late_allowed,          // a sum is released again with what came late
};

std::vector<GroupDecision> decide_each_alone(const Registry& registry, const SpoolLog& log) {
    const auto totals = totals_of(log, registry);
    auto decisions = aggregate::decide(registry, kRule, totals);
    for (auto& decision : decisions) {
        const auto cause = decision.suppressed;
        if (cause == aggregate::Suppression::overlap ||
            cause == aggregate::Suppression::complementary)
            decision.suppressed.reset();
    }
    return decisions;
}

Tally run(Policy policy, std::uint64_t windows) {
    std::mt19937_64 random(tests::proof::proof_seed());
    Tally tally;
    for (std::uint64_t window = 0; window < windows; ++window) {
        const auto registry = random_registry(random, kRule.meters_min, window % 2 == 0);
        auto log = random_window(random, registry);
        const auto late = static_cast<std::ptrdiff_t>(std::min<std::size_t>(log.size(), 2));
        SpoolLog late_log(log.end() - late, log.end());
        log.erase(log.end() - late, log.end());
        const auto first = policy == Policy::without_overlap_rule
                               ? decide_each_alone(registry, log)
                               : aggregate::decide(registry, kRule, totals_of(log, registry));
        auto rows = rows_of(registry, log, first);
        if (policy == Policy::late_allowed) {
            log.insert(log.end(), late_log.begin(), late_log.end());
            const auto second = aggregate::decide(registry, kRule, totals_of(log, registry));
            for (auto& row : rows_of(registry, log, second)) rows.push_back(std::move(row));
        } else {
            // What came late has unknowns of its own, and rows of its own, if enough came.
            const auto second = aggregate::decide(registry, kRule, totals_of(late_log, registry));
            attack(rows_of(registry, late_log, second), tally);
        }
        attack(rows, tally);
    }
    return tally;
}

}  // namespace

TEST_CASE("the released sums of a period determine no meter", "[privacy][differencing]") {
    const auto windows = tests::proof::proof_size(kWindows);
    const auto tally = run(Policy::as_it_is, windows);
    CHECK(tally.released > windows);  // there is something to compute with
    CHECK(tally.determined == 0);
    CHECK(tally.small_differences == 0);
    WARN(tally.released << " sums of " << windows << " windows determine no meter");
}

TEST_CASE(
    "the solver sees sums that are released again with what came late", "[privacy][control]"
) {
    const auto tally = run(Policy::late_allowed, 100);
    CHECK(tally.determined > 0);
    CHECK(tally.small_differences > 0);
}

TEST_CASE("the solver sees that no overlap rule is kept", "[privacy][control]") {
    const auto tally = run(Policy::without_overlap_rule, 100);
    CHECK(tally.determined > 0);
    CHECK(tally.small_differences > 0);
}
