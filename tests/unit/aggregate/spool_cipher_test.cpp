#include "gateway/aggregate/spool_cipher.hpp"

#include "gateway/aggregate/error.hpp"
#include "scripted_entropy.hpp"
#include "tests/support/numbered_meters.hpp"
#include "tests/support/seeded_entropy.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <limits>

using namespace gateway;
using aggregate::SpoolCipher;
using aggregate::SpoolPlace;
using tests::support::numbered_token;

namespace {

anonymise::Key key_of(unsigned char byte) {
    anonymise::Key key;
    std::fill(key.bytes().begin(), key.bytes().end(), byte);
    return key;
}

const SpoolPlace kPlace{{1'767'225'600, 0}, numbered_token(7)};

}  // namespace

TEST_CASE("a value is read again with its key at its place, and nowhere else", "[aggregate]") {
    tests::support::SeededEntropy entropy(1);
    SpoolCipher cipher(entropy);
    const auto key = key_of(1);
    for (const std::int64_t value :
         {std::int64_t{0}, std::int64_t{-5}, std::numeric_limits<std::int64_t>::max()}) {
        const auto sealed = cipher.seal(key, kPlace, value).value();
        CHECK(cipher.open(key, kPlace, sealed).value() == value);
        CHECK(cipher.open(key_of(2), kPlace, sealed).error() == aggregate::Errc::unauthentic);
        SpoolPlace other = kPlace;
        other.meter = numbered_token(8);
        CHECK_FALSE(cipher.open(key, other, sealed));
        other = kPlace;
        other.window.start += 60;
        CHECK_FALSE(cipher.open(key, other, sealed));
        other = kPlace;
        other.window.part = 1;
        CHECK_FALSE(cipher.open(key, other, sealed));
    }
}

TEST_CASE("a value that was changed in any bit is not read", "[aggregate]") {
    tests::support::SeededEntropy entropy(1);
    SpoolCipher cipher(entropy);
    const auto key = key_of(1);
    const auto sealed = cipher.seal(key, kPlace, 42).value();
    for (std::size_t bit = 0; bit < 8 * sealed.size(); ++bit) {
        auto changed = sealed;
        changed[bit / 8] ^= static_cast<std::byte>(1U << (bit % 8));
        CHECK(cipher.open(key, kPlace, changed).error() == aggregate::Errc::unauthentic);
    }
    CHECK_FALSE(cipher.open(key, kPlace, std::span(sealed).first(35)));
    CHECK_FALSE(cipher.open(key, kPlace, {}));
    CHECK(cipher.open(key, kPlace, sealed));  // a failure leaves nothing behind
}

TEST_CASE("the same value is never sealed into the same bytes", "[aggregate]") {
    tests::support::SeededEntropy entropy(1);
    SpoolCipher cipher(entropy);
    const auto key = key_of(1);
    CHECK(cipher.seal(key, kPlace, 42).value() != cipher.seal(key, kPlace, 42).value());
    tests::unit::FailingEntropy failing(entropy, 0);
    SpoolCipher without(failing);
    CHECK(without.seal(key, kPlace, 42).error() == aggregate::Errc::entropy);
}
