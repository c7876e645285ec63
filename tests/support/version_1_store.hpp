#pragma once
#include "gateway/buffer/record_codec.hpp"
#include "gateway/buffer/schema.hpp"
#include "gateway/buffer/sqlite_connection.hpp"
#include "gateway/buffer/sqlite_statement.hpp"
#include "gateway/buffer/store_file.hpp"

#include <catch2/catch.hpp>

#include <string>
#include <vector>

namespace tests::support {

// As release 0.1 made it, word for word.
inline constexpr const char* kVersion1 = R"(
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
inline void write_version_1(
    const std::string& path, gateway::model::Instant start, const std::string& vfs = {}
) {
    using namespace gateway::buffer;
    REQUIRE(prepare_store_file(path));
    auto connection = SqliteConnection::open(path, vfs);
    REQUIRE(connection);
    REQUIRE(connection->execute(kVersion1));
    SegmentTexts texts;
    texts.quantities.push_back({"water.volume", "m3"});
    std::vector<SegmentReading> readings(10);
    for (std::size_t i = 0; i < readings.size(); ++i) {
        readings[i].mantissa = static_cast<std::int64_t>(i);
        readings[i].observed_at = start;
        readings[i].device = i % 2;
    }
    RecordCodec codec;
    SqliteStatement insert(*connection, "INSERT INTO segment VALUES (?, 10, ?, ?, 1, ?)");
    const std::int64_t stored = start.time_since_epoch().count();
    const auto key = std::uint64_t{3} << kSequenceBits | 16U;
    REQUIRE(insert.execute(key, stored, stored, codec.encode(readings, texts)));
}

}  // namespace tests::support
