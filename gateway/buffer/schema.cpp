#include "gateway/buffer/schema.hpp"

#include "gateway/buffer/error.hpp"

#include <array>

namespace gateway::buffer {
namespace {

constexpr std::int64_t kApplicationId = 0x70617372;  // "pasr"

// The step at index n brings a file of version n to version n + 1.
constexpr std::array<const char*, kSchemaVersion> kSteps = {
    "CREATE TABLE dataset ("
    "  id INTEGER PRIMARY KEY,"
    "  name TEXT NOT NULL UNIQUE);"
    "CREATE TABLE segment ("
    "  key INTEGER PRIMARY KEY,"
    "  count INTEGER NOT NULL,"
    "  stored_at INTEGER NOT NULL,"
    "  observed_from INTEGER NOT NULL,"
    "  device_base INTEGER NOT NULL,"
    "  body BLOB NOT NULL);"
    "CREATE TABLE device ("
    "  id INTEGER PRIMARY KEY,"
    "  name TEXT NOT NULL);"
    "CREATE TABLE ledger ("
    "  uplink TEXT NOT NULL,"
    "  counter TEXT NOT NULL,"
    "  count INTEGER NOT NULL,"
    "  PRIMARY KEY (uplink, counter)) WITHOUT ROWID;"
    "CREATE TABLE cursor ("
    "  uplink TEXT NOT NULL,"
    "  dataset TEXT NOT NULL,"
    "  next_sequence INTEGER NOT NULL,"
    "  open_last INTEGER NOT NULL,"
    "  PRIMARY KEY (uplink, dataset)) WITHOUT ROWID;"
    "CREATE TABLE dead_letter ("
    "  id INTEGER PRIMARY KEY,"
    "  uplink TEXT NOT NULL,"
    "  dataset TEXT NOT NULL,"
    "  buried_at INTEGER NOT NULL,"
    "  cause TEXT NOT NULL,"
    "  sequence INTEGER NOT NULL,"
    "  device TEXT NOT NULL,"
    "  quantity TEXT NOT NULL,"
    "  unit TEXT NOT NULL,"
    "  mantissa INTEGER NOT NULL,"
    "  exponent INTEGER NOT NULL,"
    "  observed_at INTEGER NOT NULL,"
    "  time_quality INTEGER NOT NULL,"
    "  attributes TEXT NOT NULL);"
    "PRAGMA application_id=1885434738;"
    "PRAGMA user_version=1;",

    "CREATE TABLE session_mark ("
    "  session BLOB NOT NULL,"
    "  packet_id INTEGER NOT NULL,"
    "  used_at INTEGER NOT NULL,"
    "  PRIMARY KEY (session, packet_id)) WITHOUT ROWID;"
    "PRAGMA user_version=2;",

    "CREATE TABLE boot ("
    "  first_sequence INTEGER PRIMARY KEY,"
    "  boot_id TEXT NOT NULL,"
    "  began INTEGER NOT NULL,"
    "  state INTEGER NOT NULL);"
    "PRAGMA user_version=3;",

    "CREATE TABLE backlog ("
    "  uplink TEXT NOT NULL,"
    "  dataset TEXT NOT NULL,"
    "  next_sequence INTEGER NOT NULL,"
    "  end_sequence INTEGER NOT NULL,"
    "  open_last INTEGER NOT NULL,"
    "  PRIMARY KEY (uplink, dataset, end_sequence)) WITHOUT ROWID;"
    "PRAGMA user_version=4;",

    "CREATE TABLE gap ("
    "  uplink TEXT NOT NULL,"
    "  dataset TEXT NOT NULL,"
    "  position INTEGER NOT NULL,"
    "  cause TEXT NOT NULL,"
    "  first_sequence INTEGER NOT NULL,"
    "  last_sequence INTEGER NOT NULL,"
    "  count INTEGER NOT NULL,"
    "  observed_from INTEGER NOT NULL,"
    "  observed_to INTEGER NOT NULL,"
    "  sent_by INTEGER NOT NULL,"
    "  PRIMARY KEY (uplink, dataset, position)) WITHOUT ROWID;"
    "PRAGMA user_version=5;",

    "CREATE TABLE erasure ("
    "  uplink TEXT NOT NULL,"
    "  dataset TEXT NOT NULL,"
    "  position INTEGER NOT NULL,"
    "  device TEXT NOT NULL,"
    "  attribute TEXT NOT NULL,"
    "  value TEXT NOT NULL,"
    "  last_sequence INTEGER NOT NULL,"
    "  sent_by INTEGER NOT NULL,"
    "  PRIMARY KEY (uplink, dataset, position)) WITHOUT ROWID;"
    "CREATE TABLE erasing ("
    "  id INTEGER PRIMARY KEY,"
    "  dataset TEXT NOT NULL,"
    "  attribute TEXT NOT NULL,"
    "  text TEXT NOT NULL,"
    "  device_base INTEGER NOT NULL);"
    "PRAGMA user_version=6;",

    "CREATE TABLE step ("
    "  dataset TEXT NOT NULL,"
    "  device TEXT NOT NULL,"
    "  quantity TEXT NOT NULL,"
    "  newest INTEGER NOT NULL,"
    "  taken INTEGER NOT NULL,"
    "  PRIMARY KEY (dataset, device, quantity)) WITHOUT ROWID;"
    "PRAGMA user_version=7;",

    "CREATE TABLE token ("
    "  dataset TEXT NOT NULL,"
    "  identity BLOB NOT NULL,"
    "  token TEXT NOT NULL,"
    "  PRIMARY KEY (dataset, identity)) WITHOUT ROWID;"
    "PRAGMA user_version=8;",

    // The bodies of segments are sealed from here on: an older release would take them for damaged.
    "PRAGMA user_version=9;"};

}  // namespace

model::Result<std::int64_t> schema_version(SqliteConnection& connection) {
    const auto version = connection.integer("PRAGMA user_version");
    if (!version) return version.error();
    const auto owner = connection.integer("PRAGMA application_id");
    if (!owner) return owner.error();
    const auto tables = connection.integer("SELECT count(*) FROM sqlite_schema");
    if (!tables) return tables.error();
    const bool fresh = *version == 0 && *owner == 0 && *tables == 0;
    if (!fresh && *owner != kApplicationId) return Errc::damaged;
    if (*version > kSchemaVersion) return Errc::newer_schema;
    return version;
}

model::Result<void> migrate(SqliteConnection& connection) {
    const auto version = schema_version(connection);
    if (!version) return version.error();
    for (auto step = static_cast<std::size_t>(*version); step < kSteps.size(); ++step) {
        SqliteTransaction transaction(connection);
        if (auto begun = transaction.begin(); !begun) return begun;
        if (auto done = connection.execute(kSteps[step]); !done) return done;
        if (auto committed = transaction.commit(); !committed) return committed;
    }
    return {};
}

}  // namespace gateway::buffer
