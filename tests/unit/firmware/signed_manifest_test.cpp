#include "gateway/firmware/signed_manifest.hpp"

#include "gateway/runtime/key_text.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <random>

using namespace gateway;
using namespace gateway::firmware;

namespace {

Manifest image_manifest() {
    Manifest manifest;
    manifest.vendor = "Compteurs-du-Nord";
    manifest.device_class = "cn-3.radio";
    manifest.sequence = 7;
    manifest.expires = std::chrono::sys_seconds(std::chrono::seconds(1'900'000'000));
    Image image;
    image.size = 40'000;
    image.sha256.fill(0x5a);
    image.sequence_min = 3;
    manifest.content = image;
    return manifest;
}

Manifest settings_manifest() {
    auto manifest = image_manifest();
    manifest.node = "cave-12";
    manifest.content = DeviceSettings{900};
    return manifest;
}

// A city and its pair of keys.
struct Signer {
    sealing::SigningKeys keys = sealing::make_signing_keys();

    PublicKey public_key() const {
        PublicKey key{};
        REQUIRE(runtime::parse_key(keys.public_key, key));
        return key;
    }
    std::string sign(const std::string& manifest) const {
        const auto signature = sealing::sign(keys.private_key, kManifestContext, manifest);
        REQUIRE(signature);
        return make_signed(manifest, *signature);
    }
};

enum class Check { whole, without_signature };

bool is_taken(const std::string& bytes, const PublicKey& key, Check check) {
    if (check == Check::without_signature) return read_manifest(bytes).has_value();
    return open_manifest(bytes, {key}).has_value();
}

// Changes bytes as wires, disks and people do who want something else to be in there.
class Mutator {
  public:
    Mutator(std::string genuine, std::string other)
        : genuine_(std::move(genuine)), other_(std::move(other)) {}

    std::string next() {
        std::string bytes = genuine_;
        switch (pick(5)) {
            case 0:
                flip(bytes, 1);
                break;
            case 1:
                flip(bytes, 2 + pick(6));
                break;
            case 2:
                bytes.resize(pick(bytes.size()));
                break;
            case 3:
                bytes.insert(pick(bytes.size() + 1), 1 + pick(3), any_byte());
                break;
            default:
                splice(bytes);
        }
        return bytes;
    }

  private:
    std::size_t pick(std::size_t end) { return random_() % end; }
    char any_byte() { return static_cast<char>(random_() & 0xff); }
    void flip(std::string& bytes, std::size_t bits) {
        for (std::size_t i = 0; i < bits; ++i) {
            char& byte = bytes[pick(bytes.size())];
            byte = static_cast<char>(byte ^ (1 << pick(8)));
        }
    }
    // The beginning of the one and the end of the other.
    void splice(std::string& bytes) {
        const std::size_t cut = 1 + pick(std::min(bytes.size(), other_.size()) - 1);
        bytes = bytes.substr(0, cut) + other_.substr(cut);
    }

    std::string genuine_, other_;
    std::mt19937 random_{20261127};
};

std::size_t taken(Check check) {
    const Signer city;
    auto newer = image_manifest();
    newer.sequence = 8;
    const auto genuine = city.sign(encode(image_manifest()));
    Mutator mutator(genuine, Signer{}.sign(encode(newer)));
    std::size_t taken = 0;
    for (int i = 0; i < 100'000; ++i) {
        const auto bytes = mutator.next();
        if (bytes != genuine && is_taken(bytes, city.public_key(), check)) ++taken;
    }
    return taken;
}

}  // namespace

TEST_CASE("a manifest is what was signed", "[firmware]") {
    const Signer city;
    const auto expected = image_manifest();
    const auto opened = open_manifest(city.sign(encode(expected)), {city.public_key()});
    REQUIRE(opened);
    CHECK(encode(*opened) == encode(expected));
    CHECK(opened->vendor == expected.vendor);
    CHECK(opened->expires == expected.expires);
    CHECK(std::get<Image>(opened->content).size == 40'000);
    const auto settings =
        open_manifest(city.sign(encode(settings_manifest())), {city.public_key()});
    REQUIRE(settings);
    CHECK(settings->node == "cave-12");
    CHECK(std::get<DeviceSettings>(settings->content).reporting_interval_s == 900);
}

TEST_CASE("any of the keys may have signed a manifest, and no other", "[firmware]") {
    const Signer city;
    const Signer maker;
    const auto bytes = maker.sign(encode(image_manifest()));
    CHECK(open_manifest(bytes, {city.public_key(), maker.public_key()}));
    CHECK(open_manifest(bytes, {city.public_key()}).error() == ManifestFault::not_signed);
    CHECK(open_manifest(bytes, {}).error() == ManifestFault::not_signed);
}

TEST_CASE("a signature of something else is none of a manifest", "[firmware]") {
    const Signer city;
    const auto manifest = encode(image_manifest());
    const auto signature =
        sealing::sign(city.keys.private_key, "passerelle configuration 1", manifest);
    REQUIRE(signature);
    const auto opened = open_manifest(make_signed(manifest, *signature), {city.public_key()});
    CHECK(opened.error() == ManifestFault::not_signed);
}

TEST_CASE("a manifest beyond its bounds is not taken, signed or not", "[firmware]") {
    const Signer city;
    auto manifest = image_manifest();
    const auto fault = [&] {
        return open_manifest(city.sign(encode(manifest)), {city.public_key()}).error();
    };
    SECTION("no sequence") {
        manifest.sequence = 0;
    }
    SECTION("no vendor") {
        manifest.vendor.clear();
    }
    SECTION("a class with a blank") {
        manifest.device_class = "cn 3";
    }
    SECTION("a vendor too long") {
        manifest.vendor.assign(25, 'v');
    }
    SECTION("a node too long") {
        manifest.node.assign(33, 'n');
    }
    SECTION("an empty image") {
        std::get<Image>(manifest.content).size = 0;
    }
    SECTION("an image too large") {
        std::get<Image>(manifest.content).size = Image::kBytesMax + 1;
    }
    SECTION("no interval") {
        manifest.content = DeviceSettings{0};
    }
    SECTION("an interval of more than a day") {
        manifest.content = DeviceSettings{86'401};
    }
    CHECK(fault() == ManifestFault::malformed);
}

TEST_CASE("there is one way to write a manifest", "[firmware]") {
    const Signer city;
    // A field that is not known, and a known one twice.
    for (const auto* more : {"\x78\x01", "\x20\x07"}) {
        const auto bytes = city.sign(encode(image_manifest()) + more);
        CHECK(open_manifest(bytes, {city.public_key()}).error() == ManifestFault::malformed);
    }
    const auto genuine = city.sign(encode(image_manifest()));
    CHECK(
        open_manifest(genuine + "\x18\x01", {city.public_key()}).error() == ManifestFault::malformed
    );
}

TEST_CASE("the largest manifests fit into a frame", "[firmware]") {
    auto manifest = image_manifest();
    manifest.vendor.assign(Manifest::kWordBytesMax, 'v');
    manifest.device_class.assign(Manifest::kWordBytesMax, 'c');
    manifest.sequence = 0xffff'ffff;
    std::get<Image>(manifest.content).size = Image::kBytesMax;
    std::get<Image>(manifest.content).sequence_min = 0xffff'fffe;
    const auto image = Signer{}.sign(encode(manifest));
    CHECK(read_manifest(image));
    manifest.node.assign(Manifest::kNodeBytesMax, 'n');
    manifest.content = DeviceSettings{86'400};
    const auto settings = Signer{}.sign(encode(manifest));
    CHECK(read_manifest(settings));
    CHECK(std::max(image.size(), settings.size()) <= kSignedManifestBytesMax);
}

TEST_CASE("of a hundred thousand changed manifests none is taken", "[firmware]") {
    CHECK(taken(Check::whole) == 0);
}

TEST_CASE("without the signature some of them would be", "[firmware]") {
    CHECK(taken(Check::without_signature) > 1000);
}
