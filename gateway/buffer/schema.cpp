#include "gateway/buffer/schema.hpp"

#include "gateway/model/message.hpp"

#include <array>

namespace gateway::buffer {
namespace {

using model::translatable;

constexpr std::int64_t kApplicationId = 0x70617372;  // "pasr"

// Nobody has a release that reads less.
constexpr WayDown kBeforeTheFirstRelease =
    WayDown::none(translatable("no release that was ever packaged reads an older form"));

constexpr std::array<SchemaStep, kSchemaVersion> kSteps = {
    SchemaStep{
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
        "  attributes TEXT NOT NULL);",
        kBeforeTheFirstRelease},

    SchemaStep{
        "CREATE TABLE session_mark ("
        "  session BLOB NOT NULL,"
        "  packet_id INTEGER NOT NULL,"
        "  used_at INTEGER NOT NULL,"
        "  PRIMARY KEY (session, packet_id)) WITHOUT ROWID;",
        kBeforeTheFirstRelease},

    SchemaStep{
        "CREATE TABLE boot ("
        "  first_sequence INTEGER PRIMARY KEY,"
        "  boot_id TEXT NOT NULL,"
        "  began INTEGER NOT NULL,"
        "  state INTEGER NOT NULL);",
        kBeforeTheFirstRelease},

    SchemaStep{
        "CREATE TABLE backlog ("
        "  uplink TEXT NOT NULL,"
        "  dataset TEXT NOT NULL,"
        "  next_sequence INTEGER NOT NULL,"
        "  end_sequence INTEGER NOT NULL,"
        "  open_last INTEGER NOT NULL,"
        "  PRIMARY KEY (uplink, dataset, end_sequence)) WITHOUT ROWID;",
        kBeforeTheFirstRelease},

    SchemaStep{
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
        "  PRIMARY KEY (uplink, dataset, position)) WITHOUT ROWID;",
        kBeforeTheFirstRelease},

    SchemaStep{
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
        "  device_base INTEGER NOT NULL);",
        kBeforeTheFirstRelease},

    SchemaStep{
        "CREATE TABLE step ("
        "  dataset TEXT NOT NULL,"
        "  device TEXT NOT NULL,"
        "  quantity TEXT NOT NULL,"
        "  newest INTEGER NOT NULL,"
        "  taken INTEGER NOT NULL,"
        "  PRIMARY KEY (dataset, device, quantity)) WITHOUT ROWID;",
        kBeforeTheFirstRelease},

    SchemaStep{
        "CREATE TABLE token ("
        "  dataset TEXT NOT NULL,"
        "  identity BLOB NOT NULL,"
        "  token TEXT NOT NULL,"
        "  PRIMARY KEY (dataset, identity)) WITHOUT ROWID;",
        kBeforeTheFirstRelease},

    // The bodies of segments are sealed from here on: an older release would take them for damaged.
    SchemaStep{"", WayDown::none(translatable("the stored readings are encrypted since then"))}};

constexpr SqliteSchema kSchema{kApplicationId, kSteps};

}  // namespace

const SqliteSchema& store_schema() {
    return kSchema;
}

}  // namespace gateway::buffer
