#include "gateway/firmware/firmware_desk.hpp"

#include "gateway/firmware/rollout_report.hpp"
#include "gateway/runtime/key_text.hpp"
#include "tests/component/drivers/quiet_log.hpp"
#include "tests/support/temporary_directory.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/use_future.hpp>
#include <catch2/catch.hpp>
#include <sodium.h>
#include <sys/resource.h>

#include <csignal>
#include <filesystem>
#include <fstream>
#include <memory>

using namespace gateway;
using namespace gateway::firmware;
using namespace std::chrono_literals;
using tests::support::TemporaryDirectory;

namespace asio = boost::asio;

namespace {

DeviceId identify(std::string_view source, std::string_view name) {
    DeviceId id{};
    id[0] = static_cast<std::byte>(source.size());
    for (std::size_t i = 0; i < name.size(); ++i) id[1 + i % 15] ^= static_cast<std::byte>(name[i]);
    return id;
}

PublicKey key_of(const sealing::SigningKeys& keys) {
    PublicKey key{};
    REQUIRE(runtime::parse_key(keys.public_key, key));
    return key;
}

struct Signed {
    std::string manifest;
    std::string image;
};

// A city that signs, and a gateway whose desk can be opened again.
class Box {
  public:
    Box() { open(); }

    void open() {
        desk.reset();
        desk = std::make_unique<FirmwareDesk>(
            FirmwareDesk::Environment{clock, log, keys, identify}, path()
        );
    }
    std::string path() const { return (directory.path() / "firmware.db").string(); }

    Signed sign(std::uint32_t sequence) const {
        Signed result;
        result.image.assign(40'000, 'x');
        result.image += std::to_string(sequence);
        Image image;
        image.size = static_cast<std::uint32_t>(result.image.size());
        crypto_hash_sha256(
            image.sha256.data(),
            reinterpret_cast<const unsigned char*>(result.image.data()),
            result.image.size()
        );
        result.manifest = sign(sequence, image);
        return result;
    }
    Signed sign_settings(std::uint32_t sequence) const {
        return {sign(sequence, DeviceSettings{900}), {}};
    }

    template <class Value>
    Value await(asio::awaitable<Value> task) {
        asio::io_context reactor;
        auto result = asio::co_spawn(reactor, std::move(task), asio::use_future);
        reactor.run();
        return result.get();
    }
    std::string add(const Signed& update) {
        const auto added = await(desk->add(update.manifest, update.image));
        return added ? std::to_string(*added) : added.error().code;
    }
    std::string roll_out(std::uint32_t number) {
        const auto done = await(desk->roll_out(number, Stage::all));
        return done ? "" : done.error().code;
    }
    std::optional<Offer> offer(std::uint32_t running = 1) {
        Device device;
        device.source = "line";
        device.name = "m1";
        device.vendor = "maker";
        device.device_class = "meter";
        device.firmware = running;
        device.image_bytes_max = 1u << 20;
        return await(desk->introduce(device));
    }
    bool say(DeviceState state) {
        return await(desk->report("line", "m1", {7, false, state, 0, 0}));
    }
    model::Result<std::string, Depot::NoPiece> piece(std::uint32_t offset) {
        return await(desk->piece("line", "m1", 7, offset, 1024));
    }
    std::string objection_to(const Signed& update) {
        const auto added = await(desk->add(update.manifest, update.image));
        return added ? "" : added.error().text;
    }
    std::string objection_to(std::uint32_t number) {
        const auto done = await(desk->roll_out(number, Stage::all));
        return done ? "" : done.error().text;
    }
    std::string state() const { return desk->report().updates.at(0).state; }

    TemporaryDirectory directory;
    runtime::ManualClock clock{runtime::WallClock::Instant{1'800'000'000s}};
    tests::drivers::QuietLog log;
    sealing::SigningKeys city = sealing::make_signing_keys();
    std::vector<PublicKey> keys{key_of(city)};
    std::unique_ptr<FirmwareDesk> desk;

  private:
    template <class Content>
    std::string sign(std::uint32_t sequence, const Content& content) const {
        Manifest manifest;
        manifest.vendor = "maker";
        manifest.device_class = "meter";
        manifest.sequence = sequence;
        manifest.expires = std::chrono::sys_seconds(2'000'000'000s);
        manifest.content = content;
        const auto bytes = encode(manifest);
        const auto signature = sealing::sign(city.private_key, kManifestContext, bytes);
        return make_signed(bytes, signature.value());
    }
};

// Another byte at the end of the image, wherever it lies in the file.
void spoil_image(const std::string& path, std::string_view marker) {
    std::string bytes;
    {
        std::ifstream file(path, std::ios::binary);
        bytes.assign(std::istreambuf_iterator<char>(file), {});
    }
    const auto at = bytes.find(marker);
    REQUIRE(at != std::string::npos);
    bytes[at] = static_cast<char>(bytes[at] ^ 1);
    std::ofstream(path, std::ios::binary) << bytes;
}

// Everything goes from the log into the file, as when a device was forgotten.
void empty_log(const std::string& path) {
    auto store = FirmwareStore::open(path);
    REQUIRE(store);
    Rollout::Changes changes;
    changes.forgotten.emplace_back();
    REQUIRE((*store)->write(changes));
    REQUIRE(std::filesystem::file_size(path + "-wal") == 0);
}

// No file of this process grows beyond a page, as on a disk that is full.
class NoRoom {
  public:
    NoRoom() : former_signal_(std::signal(SIGXFSZ, SIG_IGN)) {
        REQUIRE(getrlimit(RLIMIT_FSIZE, &former_) == 0);
        const rlimit bound{4096, former_.rlim_max};
        REQUIRE(setrlimit(RLIMIT_FSIZE, &bound) == 0);
    }
    ~NoRoom() {
        setrlimit(RLIMIT_FSIZE, &former_);
        std::signal(SIGXFSZ, former_signal_);
    }
    NoRoom(const NoRoom&) = delete;
    NoRoom& operator=(const NoRoom&) = delete;

  private:
    rlimit former_{};
    void (*former_signal_)(int);
};

}  // namespace

TEST_CASE("an update goes from the city to a device, over restarts", "[firmware]") {
    Box box;
    const auto update = box.sign(7);
    CHECK(box.add(update) == "1");
    CHECK_FALSE(box.offer());
    CHECK(box.roll_out(1).empty());
    const auto offer = box.offer();
    REQUIRE(offer);
    CHECK(offer->signed_manifest == update.manifest);
    CHECK(offer->image_size == update.image.size());
    std::string image;
    while (image.size() < update.image.size()) {
        const auto bytes = box.piece(static_cast<std::uint32_t>(image.size()));
        if (!bytes) {
            REQUIRE(bytes.error() == Depot::NoPiece::rate);
            box.clock.advance(1s);
            continue;
        }
        image += *bytes;
        if (image.size() == 20 * 1024) box.open();
    }
    CHECK(image == update.image);
    CHECK(box.say(DeviceState::verified));
    CHECK(box.say(DeviceState::confirmed));
    box.open();
    CHECK(box.state() == "done");
    CHECK_FALSE(box.offer(7));
}

TEST_CASE("what is not signed by a key of now is not offered", "[firmware]") {
    Box box;
    REQUIRE(box.add(box.sign(7)) == "1");
    REQUIRE(box.roll_out(1).empty());
    box.keys[0][0] ^= 1;
    box.open();
    CHECK_FALSE(box.offer());
    CHECK(box.state() == "stopped");
    CHECK(box.desk->stops().size() == 1);
    CHECK(box.add(box.sign(8)) == "not-signed");
}

TEST_CASE("what must not be stored is refused with its reason", "[firmware]") {
    Box box;
    auto update = box.sign(7);
    SECTION("another image") {
        update.image[5] = 'y';
        CHECK(box.add(update) == "digest");
    }
    SECTION("half an image") {
        update.image.resize(100);
        CHECK(box.add(update) == "size");
    }
    SECTION("a changed manifest") {
        update.manifest[10] = static_cast<char>(update.manifest[10] ^ 1);
        CHECK(box.add(update) == "not-signed");
    }
    SECTION("no manifest") {
        update.manifest = "manifest";
        CHECK(box.add(update) == "malformed");
    }
    SECTION("too late") {
        box.clock.set(runtime::WallClock::Instant{2'000'000'000s});
        CHECK(box.add(update) == "expired");
    }
    CHECK(box.desk->report().updates.empty());
    box.clock.set(runtime::WallClock::Instant{1'800'000'000s});
    CHECK(box.add(box.sign(7)) == "1");
    CHECK(box.add(box.sign(6)) == "older");
}

TEST_CASE("a firmware has to be built with a higher number, settings only signed", "[firmware]") {
    Box box;
    REQUIRE(box.add(box.sign(7)) == "1");
    REQUIRE(box.add(box.sign_settings(4)) == "2");
    CHECK(
        box.objection_to(box.sign(6)) ==
        "Firmware 7 of this vendor and class was here already: one that was built with a higher "
        "number is needed."
    );
    CHECK(
        box.objection_to(box.sign_settings(3)) ==
        "Settings 4 of this vendor and class were here already: sign these with a higher sequence."
    );
    REQUIRE(box.await(box.desk->abort(1)));
    REQUIRE(box.await(box.desk->abort(2)));
    CHECK(
        box.objection_to(1) ==
        "The firmware was withdrawn for good: one that was built with a higher number is needed."
    );
    CHECK(
        box.objection_to(2) ==
        "The settings were withdrawn for good: sign them with a higher sequence, and add them."
    );
}

TEST_CASE("why an update has stopped is said in words", "[firmware]") {
    CHECK(stop_words("too-large") == "A device did not take it: larger than what it can take.");
    CHECK(stop_words("rolled-back") == "A device went back to the firmware that it had before.");
}

TEST_CASE("a log of an update that the disk has changed is no update", "[firmware]") {
    Box box;
    REQUIRE(box.add(box.sign(7)) == "1");
    box.desk.reset();
    spoil_image(box.path() + "-wal", "xxxxxxxx7");
    box.open();
    CHECK(box.desk->trouble().empty());
    CHECK(box.desk->report().updates.empty());
    CHECK_FALSE(box.offer());
}

TEST_CASE("an image that the disk has changed goes to nobody, and can be withdrawn", "[firmware]") {
    Box box;
    REQUIRE(box.add(box.sign(7)) == "1");
    REQUIRE(box.roll_out(1).empty());
    REQUIRE(box.offer());
    box.desk.reset();
    empty_log(box.path());
    spoil_image(box.path(), "xxxxxxxx7");
    box.open();
    SECTION("a device asks for it") {
        CHECK(box.piece(0).has_value());
        CHECK(box.piece(39'000).error() == Depot::NoPiece::unknown);
        CHECK(box.state() == "stopped");
    }
    SECTION("it is rolled out once more") {
        CHECK(box.roll_out(1) == "damaged");
        CHECK(box.state() == "stopped");
    }
    CHECK(box.await(box.desk->abort(1)).has_value());
    CHECK(box.add(box.sign(8)) == "2");
    box.open();
    CHECK(box.desk->trouble().empty());
    CHECK(box.desk->report().updates.at(1).state == "aborted");
    CHECK(box.state() == "stored");
}

TEST_CASE("an update that finds no room leaves the others as they are", "[firmware]") {
    Box box;
    REQUIRE(box.add(box.sign(7)) == "1");
    REQUIRE(box.roll_out(1).empty());
    {
        const NoRoom no_room;
        CHECK(box.add(box.sign(8)) == "firmware-store");
    }
    CHECK(box.desk->trouble().empty());
    CHECK(box.offer());
    CHECK(box.add(box.sign(8)) == "2");
}

TEST_CASE("what is said twice while the disk fails is on the disk neither time", "[firmware]") {
    Box box;
    REQUIRE(box.add(box.sign(7)) == "1");
    REQUIRE(box.roll_out(1).empty());
    REQUIRE(box.offer());
    const NoRoom no_room;
    asio::io_context reactor;
    const auto say = [&] {
        return asio::co_spawn(
            reactor,
            box.desk->report("line", "m1", {7, false, DeviceState::verified, 0, 0}),
            asio::use_future
        );
    };
    auto first = say();
    auto second = say();
    reactor.run();
    CHECK_FALSE(first.get());
    CHECK_FALSE(second.get());
}

TEST_CASE("a store that cannot be used keeps nobody waiting", "[firmware]") {
    Box box;
    box.desk.reset();
    // The log stays beside a closed store, and would mend it.
    std::filesystem::remove(box.path() + "-wal");
    std::ofstream(box.path(), std::ios::binary) << std::string(8192, 'z');
    box.open();
    CHECK_FALSE(box.desk->trouble().empty());
    CHECK_FALSE(box.offer());
    CHECK_FALSE(box.say(DeviceState::verified));
    CHECK(box.piece(0).error() == Depot::NoPiece::disk);
    CHECK(box.add(box.sign(7)) == "firmware-store");
    CHECK(box.roll_out(1) == "firmware-store");
}

TEST_CASE("a device gets so much of an image in a time", "[firmware]") {
    Box box;
    REQUIRE(box.add(box.sign(7)) == "1");
    REQUIRE(box.roll_out(1).empty());
    REQUIRE(box.offer());
    std::uint32_t pieces = 0;
    while (box.piece(0).has_value()) ++pieces;
    CHECK(pieces == 16);
    box.clock.advance(100ms);
    CHECK(box.piece(0).has_value());
    CHECK(box.piece(0).error() == Depot::NoPiece::rate);
}
