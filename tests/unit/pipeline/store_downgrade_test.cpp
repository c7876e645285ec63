#include "gateway/store_downgrade.hpp"

#include "gateway/buffer/store_opening.hpp"
#include "gateway/buffer/suspicion.hpp"
#include "tests/support/later_schema.hpp"
#include "tests/support/memory_key_ring.hpp"
#include "tests/support/temporary_directory.hpp"

#include <catch2/catch.hpp>

#include <filesystem>

using namespace gateway;
using tests::support::LaterSchema;

namespace {

constexpr Release kThis{
    "0.1.0",
    buffer::kSchemaVersion,
    aggregate::kSpoolSchemaVersion,
    firmware::kFirmwareSchemaVersion};

bool contains(const std::string& text, const std::string& part) {
    return text.find(part) != std::string::npos;
}

// A store that a later release has used.
class LaterBox {
  public:
    explicit LaterBox(const buffer::SqliteSchema& schema) : schema_(schema) {
        settings.buffer.path = directory_.file("buffer.db");
        settings.gateway.state_directory = directory_.path().string();
        REQUIRE(open());
        auto connection = buffer::SqliteConnection::open(settings.buffer.path, {});
        REQUIRE(connection);
        REQUIRE(schema.migrate(*connection));
    }

    model::Result<buffer::OpenedStore> open() {
        const runtime::ManualClock clock{{}};
        return buffer::open_store(settings, clock, {}, {}, &keys_);
    }

    model::Result<cli::Downgraded, std::string> downgrade() {
        return downgrade_store(
            settings, kThis, {schema_, aggregate::spool_schema(), firmware::firmware_schema()}
        );
    }

    settings::Settings settings;

  private:
    tests::support::TemporaryDirectory directory_;
    tests::support::MemoryKeyRing keys_;
    const buffer::SqliteSchema& schema_;
};

}  // namespace

TEST_CASE("a store is brought down for the release before, once", "[downgrade]") {
    LaterBox box(LaterSchema::undoable());
    REQUIRE_FALSE(box.open());
    const auto done = box.downgrade();
    REQUIRE(done);
    CHECK(contains(done->text, "buffer.db: from form 10 to form 9."));
    CHECK(box.open());
    const auto again = box.downgrade();
    REQUIRE(again);
    CHECK(again->text == "There is nothing to undo.\n");
}

TEST_CASE("a step that cannot be undone is told, and nothing is changed", "[downgrade]") {
    LaterBox box(LaterSchema::with_floor());
    const auto done = box.downgrade();
    REQUIRE_FALSE(done);
    CHECK(contains(done.error(), "form 11 cannot be undone, since this step is a floor"));
    auto connection = buffer::SqliteConnection::open(box.settings.buffer.path, {});
    REQUIRE(connection);
    CHECK(connection->integer("PRAGMA user_version").value() == LaterSchema::kFloor);
}

TEST_CASE("a store that a gateway has open is left alone", "[downgrade]") {
    LaterBox box(LaterSchema::undoable());
    const auto held = buffer::SqliteConnection::open(box.settings.buffer.path, {});
    REQUIRE(held);
    const auto done = box.downgrade();
    REQUIRE_FALSE(done);
    CHECK(contains(done.error(), "systemctl stop passerelle"));
}

TEST_CASE("a damaged store is left to the release that wrote it", "[downgrade]") {
    LaterBox box(LaterSchema::undoable());
    buffer::suspect_store(box.settings.buffer.path);
    const auto done = box.downgrade();
    REQUIRE_FALSE(done);
    CHECK(contains(done.error(), "is damaged"));
}

TEST_CASE("where there is no store there is nothing to undo, and none is made", "[downgrade]") {
    const tests::support::TemporaryDirectory directory;
    settings::Settings settings;
    settings.buffer.path = directory.file("buffer.db");
    settings.gateway.state_directory = directory.path().string();
    CHECK(downgrade_store(settings, "0.1.0-1~bpo12+1"));
    CHECK(downgrade_store(settings, "1:0.1.0"));
    CHECK(std::filesystem::is_empty(directory.path()));
    const auto unknown = downgrade_store(settings, "0.0.9-1");
    REQUIRE_FALSE(unknown);
    CHECK(contains(unknown.error(), "does not know what 0.0.9-1 reads. It knows: 0.1.0."));
}
