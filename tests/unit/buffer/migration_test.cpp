#include "gateway/buffer/record_codec.hpp"
#include "gateway/buffer/schema.hpp"
#include "gateway/buffer/sqlite_connection.hpp"
#include "gateway/buffer/sqlite_statement.hpp"
#include "gateway/buffer/store_file.hpp"
#include "outbox_fixture.hpp"

using namespace tests::buffer;

namespace {

// As release 0.1 made it, word for word.
constexpr const char* kVersion1 = R"(
CREATE TABLE dataset (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE);
CREATE TABLE segment (key INTEGER PRIMARY KEY, count INTEGER NOT NULL, stored_at INTEGER NOT NULL,
  observed_from INTEGER NOT NULL, device_base INTEGER NOT NULL, body BLOB NOT NULL);
CREATE TABLE device (id INTEGER PRIMARY KEY, name TEXT NOT NULL);
CREATE TABLE ledger (uplink TEXT NOT NULL, counter TEXT NOT NULL, count INTEGER NOT NULL,
  PRIMARY KEY (uplink, counter)) WITHOUT ROWID;
CREATE TABLE cursor (uplink TEXT NOT NULL, dataset TEXT NOT NULL, next_sequence INTEGER NOT NULL,
  open_last INTEGER NOT NULL, PRIMARY KEY (uplink, dataset)) WITHOUT ROWID;
CREATE TABLE dead_letter (id INTEGER PRIMARY KEY, uplink TEXT NOT NULL, dataset TEXT NOT NULL,
  buried_at INTEGER NOT NULL, cause TEXT NOT NULL, sequence INTEGER NOT NULL, device TEXT NOT NULL,
  quantity TEXT NOT NULL, unit TEXT NOT NULL, mantissa INTEGER NOT NULL, exponent INTEGER NOT NULL,
  observed_at INTEGER NOT NULL, time_quality INTEGER NOT NULL, attributes TEXT NOT NULL);
PRAGMA application_id=1885434738;
PRAGMA user_version=1;
INSERT INTO dataset VALUES (3, 'water');
INSERT INTO device VALUES (1, 'device-0'), (2, 'device-1');
INSERT INTO ledger VALUES ('', 'sequence', 25), ('', 'stored', 25), ('', 'refused/duplicate', 4),
  ('city', 'stored', 25), ('city', 'delivered', 14), ('city', 'dead', 1);
INSERT INTO cursor VALUES ('city', 'water', 16, 18);
)";

// Ten readings, sequences 16 to 25, of which an open batch holds three.
void write_version_1(const std::string& path) {
    REQUIRE(prepare_store_file(path));
    auto connection = SqliteConnection::open(path, {});
    REQUIRE(connection);
    REQUIRE(connection->execute(kVersion1));
    SegmentTexts texts;
    texts.quantities.push_back({"water.volume", "m3"});
    std::vector<SegmentReading> readings(10);
    for (std::size_t i = 0; i < readings.size(); ++i) {
        readings[i].mantissa = static_cast<std::int64_t>(i);
        readings[i].observed_at = kStart;
        readings[i].device = i % 2;
    }
    RecordCodec codec;
    SqliteStatement insert(*connection, "INSERT INTO segment VALUES (?, 10, ?, ?, 1, ?)");
    const std::int64_t start = kStart.time_since_epoch().count();
    const auto key = std::uint64_t{3} << kSequenceBits | 16U;
    REQUIRE(insert.execute(key, start, start, codec.encode(readings, texts)));
}

std::int64_t version_of(const std::string& path) {
    auto connection = SqliteConnection::open(path, {});
    REQUIRE(connection);
    const auto version = connection->integer("PRAGMA user_version");
    REQUIRE(version);
    return *version;
}

}  // namespace

TEST_CASE_METHOD(OutboxFixture, "a store of version 1 goes on where it was", "[buffer]") {
    write_version_1(settings.buffer.path);
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
