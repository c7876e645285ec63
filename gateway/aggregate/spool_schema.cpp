#include "gateway/aggregate/spool_schema.hpp"

#include "gateway/model/message.hpp"

#include <array>

namespace gateway::aggregate {
namespace {

using buffer::SchemaStep;
using buffer::WayDown;

constexpr std::int64_t kApplicationId = 0x70617367;  // "pasg"

constexpr std::array<SchemaStep, kSpoolSchemaVersion> kSteps = {SchemaStep{
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
    "  PRIMARY KEY (dataset, name)) WITHOUT ROWID;",
    WayDown::none(model::translatable("no release that was ever packaged reads an older form"))}};

constexpr buffer::SqliteSchema kSchema{kApplicationId, kSteps};

}  // namespace

const buffer::SqliteSchema& spool_schema() {
    return kSchema;
}

}  // namespace gateway::aggregate
