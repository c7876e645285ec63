#include "gateway/aggregate/spool_schema.hpp"

#include "gateway/buffer/error.hpp"

#include <array>

namespace gateway::aggregate {
namespace {

constexpr std::int64_t kApplicationId = 0x70617367;  // "pasg"

// The step at index n brings a file of version n to version n + 1.
constexpr std::array<const char*, kSpoolSchemaVersion> kSteps = {
    "CREATE TABLE state ("
    "  name TEXT PRIMARY KEY,"
    "  value INTEGER NOT NULL) WITHOUT ROWID;"
    "INSERT INTO state (name, value) VALUES ('generation', 0);"
    "CREATE TABLE dataset ("
    "  id INTEGER PRIMARY KEY,"
    "  name TEXT NOT NULL UNIQUE,"
    "  next_sequence INTEGER NOT NULL,"
    "  horizon INTEGER NOT NULL,"
    "  corrected INTEGER NOT NULL);"
    "CREATE TABLE window ("
    "  id INTEGER PRIMARY KEY,"
    "  dataset INTEGER NOT NULL,"
    "  start INTEGER NOT NULL,"
    "  part INTEGER NOT NULL,"
    "  fingerprint BLOB NOT NULL,"
    "  released INTEGER NOT NULL,"
    "  UNIQUE (dataset, start, part));"
    "CREATE TABLE contribution ("
    "  window INTEGER NOT NULL,"
    "  meter BLOB NOT NULL,"
    "  sealed BLOB NOT NULL,"
    "  PRIMARY KEY (window, meter)) WITHOUT ROWID;"
    "CREATE TABLE meter_index ("
    "  dataset INTEGER NOT NULL,"
    "  meter BLOB NOT NULL,"
    "  units BLOB NOT NULL,"
    "  read_at BLOB NOT NULL,"
    "  PRIMARY KEY (dataset, meter)) WITHOUT ROWID;"
    "CREATE TABLE budget ("
    "  dataset INTEGER NOT NULL,"
    "  period INTEGER NOT NULL,"
    "  start INTEGER NOT NULL,"
    "  numerator INTEGER NOT NULL,"
    "  denominator INTEGER NOT NULL,"
    "  PRIMARY KEY (dataset, period, start)) WITHOUT ROWID;"
    "CREATE TABLE release ("
    "  number INTEGER PRIMARY KEY AUTOINCREMENT,"
    "  dataset INTEGER NOT NULL,"
    "  start INTEGER NOT NULL,"
    "  part INTEGER NOT NULL,"
    "  body BLOB NOT NULL,"
    "  UNIQUE (dataset, start, part));"
    "CREATE TABLE count ("
    "  dataset INTEGER NOT NULL,"
    "  name TEXT NOT NULL,"
    "  count INTEGER NOT NULL,"
    "  PRIMARY KEY (dataset, name)) WITHOUT ROWID;"
    "PRAGMA application_id=1885434727;"
    "PRAGMA user_version=1;"};

}  // namespace

model::Result<void> migrate_spool(buffer::SqliteConnection& connection) {
    const auto version = connection.integer("PRAGMA user_version");
    if (!version) return version.error();
    const auto owner = connection.integer("PRAGMA application_id");
    if (!owner) return owner.error();
    const auto tables = connection.integer("SELECT count(*) FROM sqlite_schema");
    if (!tables) return tables.error();
    const bool fresh = *version == 0 && *owner == 0 && *tables == 0;
    if (!fresh && *owner != kApplicationId) return buffer::Errc::damaged;
    if (*version > kSpoolSchemaVersion) return buffer::Errc::newer_schema;
    for (auto step = static_cast<std::size_t>(*version); step < kSteps.size(); ++step) {
        buffer::SqliteTransaction transaction(connection);
        if (auto begun = transaction.begin(); !begun) return begun;
        if (auto done = connection.execute(kSteps[step]); !done) return done;
        if (auto committed = transaction.commit(); !committed) return committed;
    }
    return {};
}

}  // namespace gateway::aggregate
