// The same random bits for two neighbouring inputs: the outputs may differ by no more than the
// sensitivity that the noise was made for, and as many bits are taken (after Re:cord-play, arXiv
// 2602.17454).
#include "gateway/aggregate/clamped_sum.hpp"
#include "gateway/aggregate/noisy_sums.hpp"
#include "tests/proof/proof_size.hpp"
#include "tests/support/numbered_meters.hpp"
#include "tests/support/seeded_entropy.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <random>
#include <vector>

using namespace gateway;
using aggregate::GroupDecision;
using aggregate::Noise;
using aggregate::RandomBits;
using aggregate::Registry;
using aggregate::WindowTotals;
using tests::support::NumberedMeters;
using tests::support::SeededEntropy;

namespace {

constexpr std::uint64_t kPairs = 20'000;
constexpr std::uint32_t kMeters = 12;

using Mechanism =
    std::vector<GroupDecision> (*)(const Registry&, const Noise&, const WindowTotals&, RandomBits&);

std::vector<GroupDecision> clamped(
    const Registry& registry, const Noise& noise, const WindowTotals& totals, RandomBits& bits
) {
    return aggregate::noisy_sums(registry, noise, totals, bits).value();
}

// The control: what a meter brings is added as it is.
std::vector<GroupDecision> unclamped(
    const Registry& registry, const Noise& noise, const WindowTotals& totals, RandomBits& bits
) {
    auto groups = clamped(registry, noise, WindowTotals(registry.meters()), bits);
    for (std::uint32_t meter = 0; meter < registry.meters(); ++meter)
        groups[registry.groups_of(meter)[0]].sum += totals.total(meter);
    return groups;
}

// Values that a wrong bound or sign would show with.
std::int64_t any_value(std::mt19937_64& random, std::int64_t most) {
    const std::array<std::int64_t, 8> edges{
        0, 1, -1, most, most - 1, most + 1, most * 1000, -most * 1000};
    const std::uint64_t choice = random() % (edges.size() + 2);
    if (choice < edges.size()) return edges[choice];
    return static_cast<std::int64_t>(random() % 100'000) - 50'000;
}

struct Tally {
    std::uint64_t too_far = 0;
    std::uint64_t other_bits = 0;
    std::int64_t farthest = 0;
};

Tally audit(Mechanism mechanism, std::uint64_t pairs) {
    const auto registry = NumberedMeters()
                              .put(0, 5, 0)
                              .put(5, kMeters, 1)
                              .registry({{"a"}, {"b"}, {"empty"}})
                              .value();
    std::mt19937_64 random(tests::proof::proof_seed());
    Tally tally;
    for (std::uint64_t pair = 0; pair < pairs; ++pair) {
        const std::int64_t most = 1 + static_cast<std::int64_t>(random() % 1000);
        const Noise noise{most, {1 + random() % 5, 1 + random() % 5}, {100, 1}, {}};
        WindowTotals totals(kMeters);
        for (std::uint32_t meter = 0; meter < kMeters; ++meter) {
            if (random() % 4 != 0) totals.set(meter, any_value(random, most));
        }
        WindowTotals neighbour = totals;
        neighbour.set(static_cast<std::uint32_t>(random() % kMeters), any_value(random, most));
        SeededEntropy entropy(pair);
        SeededEntropy same(pair);
        RandomBits bits(entropy);
        RandomBits same_bits(same);
        const auto left = mechanism(registry, noise, totals, bits);
        const auto right = mechanism(registry, noise, neighbour, same_bits);
        std::int64_t distance = 0;
        for (std::size_t group = 0; group < left.size(); ++group)
            distance += std::abs(left[group].sum - right[group].sum);
        if (distance > most) ++tally.too_far;
        if (bits.bits_taken() != same_bits.bits_taken()) ++tally.other_bits;
        tally.farthest = std::max(tally.farthest, distance);
    }
    return tally;
}

}  // namespace

TEST_CASE("one meter moves the sums by no more than their noise is for", "[privacy][grey-box]") {
    const auto tally = audit(clamped, tests::proof::proof_size(kPairs));
    CHECK(tally.too_far == 0);
    CHECK(tally.other_bits == 0);
    CHECK(tally.farthest > 900);  // the bound is reached, not only kept
}

TEST_CASE("the grey box sees a sum that is not clamped", "[privacy][control]") {
    CHECK(audit(unclamped, 200).too_far > 0);
}
