#include "gateway/sealing/sealed_box.hpp"

#include <catch2/catch.hpp>

using namespace gateway::sealing;
using namespace std::string_literals;

TEST_CASE("what is sealed for a key is opened by its holder alone", "[sealing]") {
    const auto keys = make_key_pair();
    const auto others = make_key_pair();
    const auto seal = Seal::for_key(keys.public_key);
    REQUIRE(seal);
    const std::string bytes = "water/meter-of-family-benali/reading {\"m3\": \0\xff"s;
    const std::string sealed = seal->seal(bytes);
    CHECK(sealed.size() == bytes.size() + Seal::kOverheadBytes);
    CHECK(sealed != seal->seal(bytes));
    CHECK(Opener::with(keys.private_key)->open(sealed) == bytes);
    CHECK_FALSE(Opener::with(others.private_key)->open(sealed));
    CHECK_FALSE(Opener::with(keys.public_key)->open(sealed));
    for (std::size_t i = 0; i < sealed.size(); i += 7) {
        std::string changed = sealed;
        changed[i] = static_cast<char>(changed[i] ^ 1);
        CHECK_FALSE(Opener::with(keys.private_key)->open(changed));
    }
    CHECK_FALSE(Opener::with(keys.private_key)->open(sealed.substr(0, 47)));
}

TEST_CASE("a key that is none, or protects nothing, seals nothing", "[sealing]") {
    CHECK_FALSE(Seal::for_key(""));
    CHECK_FALSE(Seal::for_key("c2hvcnQ="));
    // The point 0, of low order: everybody knows the secret that it gives.
    CHECK_FALSE(Seal::for_key(std::string(43, 'A') + '='));
    CHECK_FALSE(Opener::with("c2hvcnQ="));
}
