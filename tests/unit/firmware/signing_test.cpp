#include "gateway/firmware/signing.hpp"

#include "gateway/firmware/signed_manifest.hpp"
#include "gateway/loosening/signature.hpp"
#include "gateway/runtime/key_text.hpp"

#include <catch2/catch.hpp>

#include <variant>

using namespace gateway::firmware;
namespace loosening = gateway::loosening;

namespace {

struct Keys {
    loosening::SigningKeys text = loosening::make_signing_keys();
    PublicKey public_key{};

    Keys() { REQUIRE(gateway::runtime::parse_key(text.public_key, public_key)); }
};

// One that has the longest of everything.
Manifest longest() {
    Manifest manifest;
    manifest.vendor = std::string(Manifest::kWordBytesMax, 'v');
    manifest.device_class = std::string(Manifest::kWordBytesMax, 'c');
    manifest.sequence = 0xffffffff;
    manifest.expires = std::chrono::sys_days{std::chrono::year{9999} / 12 / 31};
    manifest.node = std::string(Manifest::kNodeBytesMax, 'n');
    Image image;
    image.size = Image::kBytesMax;
    image.sha256.fill(0xff);
    image.sequence_min = 0xfffffffe;
    manifest.content = image;
    return manifest;
}

}  // namespace

TEST_CASE("the largest manifest fits into a frame and comes back", "[firmware]") {
    const Keys keys;
    const auto made = sign(keys.text.private_key, longest());
    REQUIRE(made);
    CHECK(made->size() <= 242);
    const auto read = open_manifest(*made, {PublicKey{}, keys.public_key});
    REQUIRE(read);
    CHECK(read->vendor == longest().vendor);
    CHECK(read->sequence == longest().sequence);
    CHECK(read->expires == longest().expires);
    CHECK(read->node == longest().node);
    const auto& image = std::get<Image>(read->content);
    CHECK(image.size == Image::kBytesMax);
    CHECK(image.sha256 == std::get<Image>(longest().content).sha256);
    CHECK(image.sequence_min == 0xfffffffe);
}

TEST_CASE("a bit less, and it is not signed", "[firmware]") {
    const Keys keys;
    const std::string whole = *sign(keys.text.private_key, longest());
    for (std::size_t bit = 0; bit < whole.size() * 8; ++bit) {
        std::string flipped = whole;
        flipped[bit / 8] = static_cast<char>(flipped[bit / 8] ^ 1 << bit % 8);
        CHECK_FALSE(open_manifest(flipped, {keys.public_key}));
    }
    for (std::size_t size = 0; size < whole.size(); ++size)
        CHECK_FALSE(open_manifest(whole.substr(0, size), {keys.public_key}));
    CHECK_FALSE(open_manifest(whole, {Keys().public_key}));
    CHECK_FALSE(open_manifest(whole, {}));
    CHECK(read_manifest(whole));  // the control: it is only the signature
}

TEST_CASE("a signature of a configuration is none of a manifest", "[firmware]") {
    const Keys keys;
    const std::string encoded = encode(longest());
    Signature signature{};
    const auto text = loosening::sign(keys.text.private_key, encoded);
    REQUIRE(text);
    REQUIRE(gateway::runtime::parse_key(*text, signature));
    CHECK_FALSE(open_manifest(make_signed(encoded, signature), {keys.public_key}));
}

TEST_CASE("what is no key signs nothing", "[firmware]") {
    for (const char* text : {"", "no key", "AAAA"}) CHECK_FALSE(sign(text, longest()));
}
