#pragma once
#include "gateway/buffer/sqlite_schema.hpp"

#include <cstdint>

namespace gateway::buffer {

// The database (application_id "pasr", version in user_version):
//   dataset      the numbers that stand for dataset names in segment keys
//   segment      readings; the key is dataset * 2^48 + the first sequence, so that a dataset's
//                segments are neighbours in the order of their sequences; the body is sealed with a
//                key that is elsewhere (sealed_body.hpp; since version 9)
//   device       device texts by number; a segment's device numbers count from its device_base
//   ledger       named counters, the gateway's under the empty uplink; "sequence" is the last one
//                given out and never goes back, "store" is no counter but the store's random number
//   cursor       per uplink and dataset the next sequence to deliver and the last of the open batch
//                (0: none is open)
//   dead_letter  readings an uplink's recipient refused for good
//   session_mark frames that are taken exactly once, by the keyed hash of their sender's session,
//                until the sender releases them (since version 2)
//   boot         ranges of sequences, each stored in one boot of the machine, and when that began
//                (boot_ranges.hpp; since version 3)
//   backlog      per uplink and dataset the ranges of sequences that were set aside before the
//                cursor, each with its next sequence and the last of its open batch (since
//                version 4)
//   gap          per uplink and dataset what its recipient will never get and has not been told of
//                yet; sent_by: in no open batch, in that of the live lane (1), of the backlog (2)
//                (since version 5)
//   erasure      per uplink and dataset what its recipient must forget and has not confirmed yet,
//   as
//                gap (since version 6)
//   erasing      what is being erased, until it is (since version 6)
//   step         of datasets that keep one reading a step: which steps of a device and a quantity
//                are taken (taken_steps.hpp; since version 7)
//   token        the vault: of datasets with the rule "token" the token of each identity, which is
//                there by a keyed fingerprint (since version 8)
inline constexpr std::int64_t kSchemaVersion = 9;
inline constexpr int kSequenceBits = 48;

const SqliteSchema& store_schema();

}  // namespace gateway::buffer
