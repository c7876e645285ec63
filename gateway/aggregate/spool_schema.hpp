#pragma once
#include "gateway/buffer/sqlite_schema.hpp"

#include <cstdint>

namespace gateway::aggregate {

// The database of the aggregation, a file of its own (application_id "pasg", version in
// user_version):
//   state         "generation": how many releases were committed (generation.hpp)
//   dataset       by name: the next sequence to take from the buffer; the start of the first window
//                 of which nothing is released yet; that of the first which may still be corrected
//   window        open ones, and released ones whose key may not be destroyed yet; `fingerprint` is
//                 of what it was begun under
//   contribution  what a meter has brought to an open window, sealed (spool_cipher.hpp). The groups
//                 follow from the registry of the fingerprint: so a meter of several groups has one
//                 row, and they cannot disagree.
//   meter_index   where increases are summed, what each meter showed last and when, both sealed
//   budget        what every window has cost, as a fraction, by the start of its period
//   release       frozen results, numbered; a number is never given twice
//   count         counts by name
inline constexpr std::int64_t kSpoolSchemaVersion = 1;

const buffer::SqliteSchema& spool_schema();

}  // namespace gateway::aggregate
