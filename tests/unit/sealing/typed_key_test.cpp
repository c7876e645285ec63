#include "gateway/sealing/typed_key.hpp"

#include "gateway/sealing/sealed_box.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <utility>

using namespace gateway::sealing;

namespace {

// The bytes 0 to 31.
constexpr const char* kKey = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";
const std::string kTyped = "000G-40R4-0M30-E209-185G-R38E-1W81-24GK-2GAH-C5RR-34D1-P70X-3RFZ-76HC";

}  // namespace

TEST_CASE("a key goes through hands and comes back", "[sealing]") {
    CHECK(typed_key(kKey) == kTyped);
    CHECK(parse_typed_key(kTyped) == kKey);
    for (int i = 0; i < 20; ++i) {
        const auto keys = make_key_pair();
        CHECK(parse_typed_key(typed_key(keys.public_key)) == keys.public_key);
    }
}

TEST_CASE("what hands make of a key without changing it is forgiven", "[sealing]") {
    std::string typed = kTyped;
    std::transform(typed.begin(), typed.end(), typed.begin(), [](char c) {
        if (c == '0') return 'o';
        if (c == '1') return 'l';
        if (c == '-') return ' ';
        return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    });
    CHECK(parse_typed_key(typed) == kKey);
    std::replace(typed.begin(), typed.end(), 'l', 'I');
    CHECK(parse_typed_key(typed) == kKey);
    typed.erase(std::remove(typed.begin(), typed.end(), ' '), typed.end());
    CHECK(typed.size() == 56);
    CHECK(parse_typed_key(typed) == kKey);
}

TEST_CASE("a slip of the hand makes no key", "[sealing]") {
    for (std::size_t at = 0; at < kTyped.size(); ++at) {
        if (kTyped[at] == '-') continue;
        std::string typed = kTyped;
        typed[at] = typed[at] == 'Z' ? 'Y' : 'Z';
        CHECK_FALSE(parse_typed_key(typed));
        typed.erase(at, 1);
        CHECK_FALSE(parse_typed_key(typed));
    }
    std::string exchanged = kTyped;
    std::swap(exchanged[5], exchanged[6]);
    CHECK_FALSE(parse_typed_key(exchanged));
    for (const std::string& typed :
         {std::string(), kTyped + '0', std::string("000U"), std::string(kKey)})
        CHECK_FALSE(parse_typed_key(typed));
}
