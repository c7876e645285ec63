#include "gateway/firmware/firmware_schema.hpp"

#include "gateway/model/message.hpp"

#include <array>

namespace gateway::firmware {
namespace {

using buffer::SchemaStep;
using buffer::WayDown;

constexpr std::int64_t kApplicationId = 0x70617366;  // "pasf"

constexpr std::array<SchemaStep, kFirmwareSchemaVersion> kSteps = {SchemaStep{
    "CREATE TABLE release ("
    "  number INTEGER PRIMARY KEY AUTOINCREMENT,"
    "  manifest BLOB NOT NULL,"
    "  bytes INTEGER NOT NULL,"
    "  state INTEGER NOT NULL,"
    "  stage INTEGER NOT NULL,"
    "  up_to INTEGER NOT NULL,"
    "  why TEXT NOT NULL);"
    "CREATE TABLE piece ("
    "  release INTEGER NOT NULL,"
    "  place INTEGER NOT NULL,"
    "  bytes BLOB NOT NULL,"
    "  PRIMARY KEY (release, place));"
    "CREATE TABLE floor ("
    "  vendor TEXT NOT NULL,"
    "  class TEXT NOT NULL,"
    "  kind INTEGER NOT NULL,"
    "  sequence INTEGER NOT NULL,"
    "  PRIMARY KEY (vendor, class, kind)) WITHOUT ROWID;"
    "CREATE TABLE device ("
    "  id BLOB PRIMARY KEY,"
    "  source TEXT NOT NULL,"
    "  label TEXT NOT NULL,"
    "  vendor TEXT NOT NULL,"
    "  class TEXT NOT NULL,"
    "  firmware INTEGER NOT NULL,"
    "  settings INTEGER NOT NULL,"
    "  bytes_max INTEGER NOT NULL,"
    "  on_trial INTEGER NOT NULL,"
    "  heard INTEGER NOT NULL) WITHOUT ROWID;"
    "CREATE TABLE step ("
    "  device BLOB NOT NULL,"
    "  kind INTEGER NOT NULL,"
    "  release INTEGER NOT NULL,"
    "  state INTEGER NOT NULL,"
    "  cause TEXT NOT NULL,"
    "  offset INTEGER NOT NULL,"
    "  PRIMARY KEY (device, kind)) WITHOUT ROWID;",
    WayDown::none(model::translatable("there is no earlier version of it"))}};

constexpr buffer::SqliteSchema kSchema(kApplicationId, kSteps);

}  // namespace

const buffer::SqliteSchema& firmware_schema() {
    return kSchema;
}

}  // namespace gateway::firmware
