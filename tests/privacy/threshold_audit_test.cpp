// Another program's reading of the rules: from what the spool held and what was released, whether
// every released sum keeps floor, share and distance, and is right. It shares no code with the
// gateway's decision, and counts meters by their tokens.
#include "gateway/aggregate/frozen_result.hpp"
#include "gateway/aggregate/group_decision.hpp"
#include "random_windows.hpp"
#include "tests/proof/proof_size.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <set>
#include <string>
#include <vector>

using namespace gateway;
using namespace tests::privacy;
using aggregate::Registry;
using aggregate::Thresholds;

namespace {

constexpr std::uint64_t kWindows = 2'000;
constexpr Thresholds kRule{11, 50};

using Members = std::set<aggregate::MeterToken>;

struct Violations {
    std::uint64_t released = 0;
    std::uint64_t few = 0;
    std::uint64_t share = 0;
    std::uint64_t distance = 0;  // a sum and a total, or two sums, tell fewer than the floor
    std::uint64_t wrong = 0;     // another number than the spool says

    bool none() const { return few + share + distance + wrong == 0; }
};

// The text of a group's number in a frozen result; empty when its sum is suppressed.
std::string number_in(const std::string& body, const std::string& group, const char* field) {
    const auto at = body.find("{\"group\":\"" + group + "\",");
    const auto end = body.find('}', at);
    const auto found = body.find(std::string("\"") + field + "\":", at);
    if (at == std::string::npos || found > end) return {};
    const auto from = body.find(':', found) + 1;
    return body.substr(from, body.find_first_of(",}", from) - from);
}

struct Gathered {
    Members members;
    double all = 0;  // of absolute values
    double largest = 0;

    void add(const aggregate::MeterToken& meter, std::int64_t value) {
        members.insert(meter);
        all += std::abs(static_cast<double>(value));
        largest = std::max(largest, std::abs(static_cast<double>(value)));
    }
    bool is_dominated() const {
        return all == 0 || largest / all > kRule.share_percent_max / 100.0 + 1e-12;
    }
};

class Checker {
  public:
    Checker(const Registry& registry, const SpoolLog& log, const std::string& body)
        : registry_(registry), log_(log), body_(body) {}

    void add_to(Violations& violations) const {
        std::vector<Members> released;
        for (std::size_t group = 0; group < registry_.groups().size(); ++group) {
            const auto& name = registry_.groups()[group].name;
            const std::string sum = number_in(body_, name, "sum");
            if (sum.empty()) continue;
            ++violations.released;
            const auto members = check_group(group, violations);
            if (number_in(body_, name, "meters") != std::to_string(members.size()))
                ++violations.wrong;
            if (sum != std::to_string(sum_of(group))) ++violations.wrong;
            released.push_back(members);
        }
        check_distances(released, violations);
        check_rest(violations);
    }

  private:
    bool is_in(std::uint32_t meter, std::size_t group) const {
        const auto groups = registry_.groups_of(meter);
        return std::find(groups.begin(), groups.end(), group) != groups.end();
    }

    long sum_of(std::size_t group) const {
        long sum = 0;
        for (const auto& [meter, value] : log_) sum += is_in(meter, group) ? value : 0;
        return sum;
    }

    // What the members of a group brought.
    void gather(std::size_t group, Gathered& gathered) const {
        for (const auto& [meter, value] : log_) {
            if (is_in(meter, group)) gathered.add(registry_.token(meter), value);
        }
    }

    Members check_group(std::size_t group, Violations& violations) const {
        Gathered gathered;
        gather(group, gathered);
        if (gathered.members.size() < kRule.meters_min) ++violations.few;
        if (gathered.is_dominated()) ++violations.share;
        return gathered.members;
    }

    // Two sums of which one has all members of the other: the rest must be many, or nobody.
    static void check_distances(const std::vector<Members>& released, Violations& violations) {
        for (const auto& inner : released) {
            for (const auto& outer : released) {
                if (inner.size() >= outer.size()) continue;
                if (!std::includes(outer.begin(), outer.end(), inner.begin(), inner.end()))
                    continue;
                if (outer.size() - inner.size() < kRule.meters_min) ++violations.distance;
            }
        }
    }

    bool is_released(std::size_t group) const {
        return !number_in(body_, registry_.groups()[group].name, "sum").empty();
    }

    // A total less all of its released parts is a sum that anybody can make: of nobody, or of as
    // many and as even as any other.
    void check_rest(Violations& violations) const {
        for (std::size_t total = 0; total < registry_.groups().size(); ++total) {
            if (!is_released(total)) continue;
            Gathered rest;
            bool has_part = false;
            for (std::size_t part = 0; part < registry_.groups().size(); ++part) {
                if (registry_.groups()[part].parent != total) continue;
                has_part = has_part || is_released(part);
                if (!is_released(part)) gather(part, rest);
            }
            if (!has_part || rest.members.empty()) continue;
            if (rest.members.size() < kRule.meters_min) ++violations.distance;
            if (rest.is_dominated()) ++violations.share;
        }
    }

    const Registry& registry_;
    const SpoolLog& log_;
    const std::string& body_;
};

// Windows that were decided by these thresholds, checked by kRule.
Violations audit(Thresholds thresholds, std::uint64_t windows) {
    std::mt19937_64 random(tests::proof::proof_seed());
    aggregate::Rules rules;
    rules.dataset = "audit";
    rules.window = std::chrono::hours(1);
    rules.protection = thresholds;
    Violations violations;
    for (std::uint64_t window = 0; window < windows; ++window) {
        const auto registry = random_registry(random, kRule.meters_min, window % 2 == 0);
        const auto log = random_window(random, registry);
        const auto decisions = aggregate::decide(registry, thresholds, totals_of(log, registry));
        const auto body = aggregate::frozen_result(rules, {0, 0}, registry, decisions);
        Checker(registry, log, body).add_to(violations);
    }
    return violations;
}

}  // namespace

TEST_CASE("every released sum keeps floor, share and distance", "[privacy][thresholds]") {
    const auto windows = tests::proof::proof_size(kWindows);
    const auto found = audit(kRule, windows);
    INFO(found.few << " few, " << found.share << " share, " << found.distance << " distance");
    CHECK(found.none());
    CHECK(found.released > windows);
    WARN(found.released << " sums of " << windows << " windows checked");
}

TEST_CASE("the checker sees a floor and a share that are off by one", "[privacy][control]") {
    const auto floor = audit({kRule.meters_min - 1, kRule.share_percent_max}, 500);
    CHECK(floor.few > 0);
    CHECK(floor.share == 0);
    const auto share = audit({kRule.meters_min, kRule.share_percent_max + 20}, 500);
    CHECK(share.few == 0);
    CHECK(share.share > 0);
}
