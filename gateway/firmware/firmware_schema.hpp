#pragma once
#include "gateway/buffer/sqlite_schema.hpp"

#include <cstdint>

namespace gateway::firmware {

// The database of updates, a file of its own (application_id "pasf", version in user_version):
//   release  what was added: the signed manifest, how far it has gone (Update); a number is never
//            given twice
//   piece    the image of a release, in pieces of the same size
//   floor    by vendor, class and kind, the highest sequence that was ever added
//   device   what is known of a device (KnownDevice); `heard` is a date, or 0
//   step     how far it is with a release, one row for images and one for settings
inline constexpr std::int64_t kFirmwareSchemaVersion = 1;

const buffer::SqliteSchema& firmware_schema();

}  // namespace gateway::firmware
