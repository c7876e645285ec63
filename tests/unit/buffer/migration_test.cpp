#include "gateway/buffer/error.hpp"
#include "gateway/buffer/schema.hpp"
#include "gateway/buffer/sqlite_connection.hpp"
#include "gateway/buffer/sqlite_store.hpp"
#include "gateway/buffer/store_opening.hpp"
#include "gateway/buffer/suspicion.hpp"
#include "outbox_fixture.hpp"
#include "tests/support/later_schema.hpp"
#include "tests/support/version_1_store.hpp"

using namespace tests::buffer;
using tests::support::LaterSchema;

namespace {

std::int64_t version_of(const std::string& path) {
    auto connection = SqliteConnection::open(path, {});
    REQUIRE(connection);
    const auto version = connection->integer("PRAGMA user_version");
    REQUIRE(version);
    return *version;
}

void execute(const std::string& path, const std::string& sql) {
    auto connection = SqliteConnection::open(path, {});
    REQUIRE(connection);
    REQUIRE(connection->execute(sql.c_str()));
}

void set_version(const std::string& path, std::int64_t version) {
    execute(path, "PRAGMA user_version=" + std::to_string(version));
}

void rise(const std::string& path, const SqliteSchema& schema) {
    auto connection = SqliteConnection::open(path, {});
    REQUIRE(connection);
    REQUIRE(schema.migrate(*connection));
}

void descend(const std::string& path, const SqliteSchema& schema) {
    auto connection = SqliteConnection::open(path, {});
    REQUIRE(connection);
    REQUIRE(schema.descend(*connection, kSchemaVersion));
}

}  // namespace

TEST_CASE_METHOD(OutboxFixture, "a store of version 1 goes on where it was", "[buffer]") {
    tests::support::write_version_1(settings.buffer.path, kStart);
    open();
    CHECK(outbox().notices().empty());
    CHECK(outbox().ledger().received() == 29);
    CHECK(outbox().ledger().uplinks.at("city").delivered == 14);
    CHECK(waiting(0, 0) == 10);
    check_ledger();
    const Batch open = open_batch(0, 0);
    CHECK(open.first_sequence == 16);
    CHECK(open.last_sequence == 18);
    CHECK(open.devices == std::vector<std::string>{"device-0", "device-1"});
    confirm(0, 0);
    const SessionMark mark{SessionId{}, 1};
    const auto ticket = outbox().append(DatasetId{0}, some_readings(1).all(), mark);
    REQUIRE(ticket);
    REQUIRE(run(outbox().committed(*ticket)));
    CHECK(open_batch(0, 0).last_sequence == 26);
    check_ledger();
    close();
    CHECK(version_of(settings.buffer.path) == kSchemaVersion);
}

TEST_CASE_METHOD(
    OutboxFixture, "an earlier release goes on with what was stored since", "[buffer]"
) {
    const std::string& path = settings.buffer.path;
    open();
    REQUIRE(store(0, some_readings(30)));
    close();
    rise(path, LaterSchema::undoable());
    CHECK(version_of(path) == LaterSchema::kUndoable);
    {
        const auto store = SqliteStore::open(settings, clock.stamp(), {}, &keys);
        REQUIRE_FALSE(store);
        CHECK(store.error() == Errc::newer_schema);
    }
    // A later release stores as this one does, beside its table.
    set_version(path, kSchemaVersion);
    open();
    REQUIRE(store(0, some_readings(20, 30)));
    close();
    set_version(path, LaterSchema::kUndoable);
    descend(path, LaterSchema::undoable());
    descend(path, LaterSchema::undoable());  // nothing is left to do
    CHECK(version_of(path) == kSchemaVersion);
    open();
    CHECK(outbox().notices().empty());
    CHECK(waiting(0, 0) == 50);
    CHECK(open_batch(0, 0).first_sequence == 1);
    check_ledger();
}

TEST_CASE_METHOD(OutboxFixture, "going up and down leaves every table as it was", "[buffer]") {
    const std::string& path = settings.buffer.path;
    open();
    REQUIRE(store(0, some_readings(30)));
    close();
    const auto tables = [&] {
        auto connection = SqliteConnection::open(path, {});
        REQUIRE(connection);
        return connection->text("SELECT group_concat(sql) FROM sqlite_schema").value() +
               connection->text("SELECT group_concat(id || name) FROM device").value();
    };
    const std::string before = tables();
    rise(path, LaterSchema::undoable());
    CHECK(tables() != before);
    descend(path, LaterSchema::undoable());
    CHECK(tables() == before);
}

TEST_CASE("a floor above the version is found before anything is done", "[buffer]") {
    const auto& schema = LaterSchema::with_floor();
    CHECK(schema.floor_above(kSchemaVersion, LaterSchema::kFloor) == LaterSchema::kFloor);
    CHECK(schema.floor_above(kSchemaVersion, LaterSchema::kUndoable) == 0);
    CHECK(schema.floor_above(LaterSchema::kFloor, LaterSchema::kFloor) == 0);
    // Below the first release that was packaged nobody goes.
    CHECK(store_schema().floor_above(kSchemaVersion - 1, kSchemaVersion) == kSchemaVersion);
    for (const SchemaStep& step : store_schema().steps())
        CHECK((step.down.statements() == nullptr) == (step.down.why() != nullptr));
}

TEST_CASE_METHOD(OutboxFixture, "a step down that fails changes nothing", "[buffer]") {
    const std::string& path = settings.buffer.path;
    open();
    REQUIRE(store(0, some_readings(5)));
    close();
    rise(path, LaterSchema::undoable());
    execute(path, "CREATE VIEW looker AS SELECT seen FROM device");  // the column cannot go
    {
        auto connection = SqliteConnection::open(path, {});
        REQUIRE(connection);
        CHECK_FALSE(LaterSchema::undoable().descend(*connection, kSchemaVersion));
        CHECK(connection->integer("SELECT count(*) FROM novelty").value() > 0);
    }
    CHECK(version_of(path) == LaterSchema::kUndoable);
}

TEST_CASE_METHOD(OutboxFixture, "what a newer release wrote is not salvaged", "[buffer]") {
    const std::string& path = settings.buffer.path;
    open();
    REQUIRE(store(0, some_readings(5)));
    close();
    suspect_store(path);
    set_version(path, LaterSchema::kUndoable);
    const auto opened = open_store(settings, clock, {}, {}, &keys);
    REQUIRE_FALSE(opened);
    CHECK(opened.error() == Errc::newer_schema);
    // The control: of this release it would be.
    set_version(path, kSchemaVersion);
    const auto salvaged = open_store(settings, clock, {}, {}, &keys);
    REQUIRE(salvaged);
    CHECK(salvaged->notices.size() >= 2);
}
