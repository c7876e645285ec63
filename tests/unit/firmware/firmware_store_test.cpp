#include "gateway/firmware/firmware_store.hpp"

#include "gateway/runtime/key_text.hpp"
#include "tests/support/temporary_directory.hpp"

#include <catch2/catch.hpp>
#include <sodium.h>

using namespace gateway;
using namespace gateway::firmware;
using namespace std::chrono_literals;
using tests::support::TemporaryDirectory;

namespace {

constexpr runtime::WallClock::Instant kNow{1'800'000'000s};

Manifest manifest_for(const std::string& image, std::uint32_t sequence) {
    Manifest manifest;
    manifest.vendor = "maker";
    manifest.device_class = "meter";
    manifest.sequence = sequence;
    manifest.expires = std::chrono::sys_seconds(2'000'000'000s);
    Image content;
    content.size = static_cast<std::uint32_t>(image.size());
    crypto_hash_sha256(
        content.sha256.data(), reinterpret_cast<const unsigned char*>(image.data()), image.size()
    );
    manifest.content = content;
    return manifest;
}

std::string signed_text(const Manifest& manifest) {
    static const auto keys = sealing::make_signing_keys();
    const auto bytes = encode(manifest);
    return make_signed(bytes, sealing::sign(keys.private_key, kManifestContext, bytes).value());
}

std::string image_of(std::size_t size) {
    std::string image(size, '\0');
    for (std::size_t i = 0; i < size; ++i) image[i] = static_cast<char>(i * 31 + i / 251);
    return image;
}

struct Shelf {
    TemporaryDirectory directory;
    std::string path = (directory.path() / "firmware.db").string();
    std::unique_ptr<FirmwareStore> store;

    Shelf() { open(); }
    void open() {
        store.reset();
        auto opened = FirmwareStore::open(path);
        REQUIRE(opened);
        store = std::move(*opened);
    }
    FirmwareStore::Added add(const std::string& image, std::uint32_t sequence) {
        const auto manifest = manifest_for(image, sequence);
        auto added = store->add(signed_text(manifest), manifest, image);
        REQUIRE(added);
        return *added;
    }
    std::string fault(const std::string& image, std::uint32_t sequence) {
        const auto added = add(image, sequence);
        return added.fault ? added.fault->code : "";
    }
};

}  // namespace

TEST_CASE("an update is there again after a restart, with its image", "[firmware]") {
    Shelf shelf;
    const auto image = image_of(100'000);
    const auto number = shelf.add(image, 7).number;
    shelf.open();
    const auto content = shelf.store->load(kNow);
    REQUIRE(content);
    REQUIRE(content->updates.size() == 1);
    CHECK(content->updates[0].number == number);
    CHECK(content->updates[0].sequence() == 7);
    CHECK(content->updates[0].state == UpdateState::stored);
    std::string read;
    while (read.size() < image.size()) {
        const auto piece =
            shelf.store->piece(number, static_cast<std::uint32_t>(read.size()), 1000);
        REQUIRE(piece);
        REQUIRE_FALSE(piece->empty());
        read += *piece;
    }
    CHECK(read == image);
    CHECK(shelf.store->piece(number, 100'000, 10)->empty());
    const auto& expected = std::get<Image>(content->updates[0].manifest.content);
    CHECK(shelf.store->is_sound(number, expected).value());
}

TEST_CASE("an image that is not the signed one is not stored", "[firmware]") {
    Shelf shelf;
    const auto image = image_of(5000);
    const auto manifest = manifest_for(image, 7);
    auto changed = image;
    changed[1234] = static_cast<char>(changed[1234] ^ 1);
    CHECK(shelf.store->add(signed_text(manifest), manifest, changed)->fault->code == "digest");
    changed = image.substr(0, 4999);
    CHECK(shelf.store->add(signed_text(manifest), manifest, changed)->fault->code == "size");
    CHECK(shelf.store->load(kNow)->updates.empty());
    CHECK(shelf.fault(image, 7).empty());
}

TEST_CASE("no sequence comes twice, or back", "[firmware]") {
    Shelf shelf;
    const auto number = shelf.add(image_of(100), 7).number;
    CHECK(shelf.add(image_of(100), 7).number == number);  // the same manifest again
    CHECK(shelf.fault(image_of(101), 7) == "older");
    CHECK(shelf.fault(image_of(101), 6) == "older");
    Update update;
    update.number = number;
    update.state = UpdateState::aborted;
    REQUIRE(shelf.store->write({{update}, {}, {}}));
    shelf.open();
    CHECK(shelf.fault(image_of(101), 7) == "older");
    CHECK(shelf.add(image_of(101), 6).fault->floor == 7);
    CHECK(shelf.fault(image_of(101), 8).empty());
}

TEST_CASE("what is withdrawn keeps no image", "[firmware]") {
    Shelf shelf;
    const auto number = shelf.add(image_of(50'000), 7).number;
    Update update;
    update.number = number;
    update.state = UpdateState::aborted;
    REQUIRE(shelf.store->write({{update}, {}, {}}));
    CHECK(shelf.store->piece(number, 0, 100)->empty());
    CHECK(shelf.store->load(kNow)->updates.at(0).state == UpdateState::aborted);
}

TEST_CASE("there is room for so many updates, and withdrawn ones make room", "[firmware]") {
    Shelf shelf;
    for (std::uint32_t i = 1; i <= FirmwareStore::kUpdatesMax; ++i)
        CHECK(shelf.fault(image_of(10), i).empty());
    CHECK(shelf.fault(image_of(10), 100) == "too-many");
    Update update;
    update.number = 3;
    update.state = UpdateState::aborted;
    REQUIRE(shelf.store->write({{update}, {}, {}}));
    CHECK(shelf.add(image_of(10), 100).replaced == 3);
}

TEST_CASE("images have so much room together", "[firmware]") {
    Shelf shelf;
    const auto image = image_of(Image::kBytesMax);
    for (std::uint32_t i = 1; i <= FirmwareStore::kImageBytesMax / Image::kBytesMax; ++i)
        CHECK(shelf.fault(image, i).empty());
    CHECK(shelf.fault(image_of(1), 100) == "no-room");
}

TEST_CASE("devices are there again after a restart, and their names are not", "[firmware]") {
    Shelf shelf;
    KnownDevice device;
    device.id[0] = std::byte{7};
    device.source = "line";
    device.label = "address 3";
    device.vendor = "maker";
    device.device_class = "meter";
    device.firmware = 3;
    device.heard = kNow - 2h;
    device.step(true) = {4, DeviceState::failed, "storage", 12, kNow};
    REQUIRE(shelf.store->write({{}, {device}, {}}));
    shelf.open();
    auto devices = shelf.store->load(kNow)->devices;
    REQUIRE(devices.size() == 1);
    CHECK(devices[0].id == device.id);
    CHECK(devices[0].label == "address 3");
    CHECK(devices[0].heard == kNow - 2h);
    CHECK(devices[0].step(false).update == 0);
    CHECK(devices[0].step(true).state == DeviceState::failed);
    CHECK(devices[0].step(true).cause == "storage");
    REQUIRE(shelf.store->write({{}, {}, {device.id}}));
    CHECK(shelf.store->load(kNow)->devices.empty());
}
