#include "gateway/aggregate/random_bits.hpp"

#include "gateway/aggregate/error.hpp"
#include "scripted_entropy.hpp"
#include "tests/support/seeded_entropy.hpp"

#include <catch2/catch.hpp>

#include <limits>
#include <set>
#include <vector>

using namespace gateway;
using aggregate::RandomBits;
using tests::support::SeededEntropy;

TEST_CASE("numbers below a bound are uniform and reach every value", "[aggregate][random]") {
    SeededEntropy entropy(1);
    RandomBits bits(entropy);
    constexpr std::uint64_t kBound = 11;
    constexpr int kDraws = 110'000;
    std::vector<int> seen(kBound);
    for (int i = 0; i < kDraws; ++i) ++seen.at(bits.below(kBound).value());
    double chi_square = 0;
    for (const int count : seen) {
        const double difference = count - kDraws / static_cast<double>(kBound);
        chi_square += difference * difference / (kDraws / static_cast<double>(kBound));
    }
    CHECK(chi_square < 35.6);  // the 99.99 % point of 10 degrees of freedom
}

TEST_CASE("the bits of a source are all used, once, in order", "[aggregate][random]") {
    tests::unit::ScriptedEntropy entropy(0xfedcba9876543210U);
    RandomBits bits(entropy);
    CHECK(bits.below(16).value() == 0);
    CHECK(bits.below(256).value() == 0x21);
    CHECK(bits.below(std::uint64_t{1} << 52).value() == 0xfedcba9876543);
    CHECK(bits.bits_taken() == 64);
    CHECK(bits.below(1).value() == 0);
    CHECK(bits.bits_taken() == 64);
}

TEST_CASE("a number that does not fit under the bound is rejected", "[aggregate][random]") {
    tests::unit::ScriptedEntropy entropy(0b01'11'11U);
    RandomBits bits(entropy);
    CHECK(bits.below(3).value() == 1);
    CHECK(bits.bits_taken() == 6);
}

TEST_CASE("the largest bound works", "[aggregate][random]") {
    tests::unit::StuckEntropy ones(0xff);
    RandomBits bits(ones);
    constexpr auto kMost = std::numeric_limits<std::uint64_t>::max();
    CHECK(bits.below(kMost).error() == aggregate::Errc::entropy);
    tests::unit::ScriptedEntropy entropy(kMost - 1);
    RandomBits others(entropy);
    CHECK(others.below(kMost).value() == kMost - 1);
}

TEST_CASE("randomness that fails is an error, at once and later", "[aggregate][random]") {
    SeededEntropy good(1);
    for (const int calls : {0, 3}) {
        tests::unit::FailingEntropy entropy(good, calls);
        RandomBits bits(entropy);
        int drawn = 0;
        auto value = bits.below(1U << 8);
        for (; value; value = bits.below(1U << 8)) ++drawn;
        CHECK(value.error() == aggregate::Errc::entropy);
        CHECK(drawn == calls * static_cast<int>(RandomBits::kBufferBytes));
    }
}

TEST_CASE("the kernel's bytes do not repeat", "[aggregate][random]") {
    aggregate::KernelEntropy entropy;
    RandomBits bits(entropy);
    std::set<std::uint64_t> seen;
    constexpr int kDraws = 1000;
    for (int i = 0; i < kDraws; ++i) seen.insert(bits.below(std::uint64_t{1} << 63).value());
    CHECK(seen.size() == kDraws);
}
