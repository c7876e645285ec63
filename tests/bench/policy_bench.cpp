// What a dataset's rules cost by themselves: one reading after another through anonymise::Policy,
// of meters that are known (warm) and of ones that never came before (cold). One JSON line a case.
//   policy_bench [readings]
#include "gateway/anonymise/policy.hpp"
#include "gateway/anonymise/throwaway_keys.hpp"
#include "gateway/model/quantity.hpp"
#include "tests/bench/stopwatch.hpp"

#include <array>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <vector>

namespace {

using namespace gateway;
using Fields = std::map<std::string, settings::Rule>;

constexpr std::size_t kKnownMeters = 1'000;
constexpr std::size_t kFrameReadings = 100;  // between two calls of prepare()

struct Case {
    const char* name;
    bool has_customer;
    Fields fields;
};

std::vector<Case> cases() {
    const settings::Coarsen minute{settings::seconds{60}};
    const settings::Round tenth{model::Decimal{1, -1}};
    return {
        {"keep", false, {{"device", settings::Keep{}}}},
        {"pseudonym", false, {{"device", settings::Pseudonym{}}}},
        {"keep, with an attribute",
         true,
         {{"device", settings::Keep{}}, {"customer", settings::Keep{}}}},
        {"a rule for every field",
         true,
         {{"device", settings::Pseudonym{}},
          {"customer", settings::Pseudonym{}},
          {"time", minute},
          {"value", tenth}}}};
}

std::vector<std::string> numbered(const char* prefix, std::size_t count) {
    std::vector<std::string> names;
    for (std::size_t i = 0; i < count; ++i) names.push_back(prefix + std::to_string(1'000'000 + i));
    return names;
}

struct Names {
    std::vector<std::string> meters;
    std::vector<std::string> customers;
};

// Readings of the names in turn, as often as it takes.
void pass(anonymise::Policy& policy, const Case& one, const Names& names, std::size_t readings) {
    const model::Quantity quantity{"energy", "kWh"};
    const model::Instant now{std::chrono::seconds{1'764'000'000}};
    model::Readings memory;
    for (std::size_t i = 0; i < readings; ++i) {
        if (i % kFrameReadings == 0) {
            memory.clear();
            if (!policy.prepare(now)) std::abort();
        }
        const std::array attributes{model::Attribute{
            "customer", std::string_view(names.customers[i % names.customers.size()])}};
        model::Reading reading;
        reading.device = names.meters[i % names.meters.size()];
        reading.observed_at = now;
        if (one.has_customer) reading.attributes = attributes;
        if (!policy.apply({reading, quantity, model::Decimal{123'456, -3}}, memory)) std::abort();
    }
}

void run(const Case& one, const char* cache, const Names& names, std::size_t readings) {
    settings::Dataset dataset;
    dataset.name = "bench";
    dataset.fields = one.fields;
    anonymise::ThrowawayKeys keys;
    anonymise::ThrowawayTokens tokens;
    anonymise::Policy policy(dataset, keys, tokens);
    if (names.meters.size() <= kKnownMeters) pass(policy, one, names, names.meters.size());
    const bench::Stopwatch watch;
    pass(policy, one, names, readings);
    std::printf(
        R"({"rules":"%s","cache":"%s","cpu_ns":%.1f})"
        "\n",
        one.name,
        cache,
        watch.cpu_s() * 1e9 / static_cast<double>(readings)
    );
    std::fflush(stdout);
}

}  // namespace

int main(int argc, char** argv) {
    std::size_t readings = 1'000'000;
    if (argc > 1) readings = std::strtoull(argv[1], nullptr, 10);
    const Names known{numbered("meter-", kKnownMeters), numbered("C", kKnownMeters)};
    const Names unknown{numbered("meter-", readings), numbered("C", readings)};
    for (const auto& one : cases()) {
        run(one, "warm", known, readings);
        run(one, "cold", unknown, readings);
    }
    return 0;
}
