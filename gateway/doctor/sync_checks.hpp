#pragma once
#include "gateway/doctor/block_device.hpp"
#include "gateway/doctor/check.hpp"
#include "gateway/model/result.hpp"

#include <chrono>
#include <optional>
#include <string>
#include <vector>

namespace gateway::doctor {

inline constexpr std::size_t kSyncRoundsMax = 20;
inline constexpr std::chrono::seconds kSyncTimeMax{4};  // of all rounds, but for one that hangs

using SyncTimes = std::vector<std::chrono::microseconds>;

// How long it takes until a page of 4 KiB is said to be on the disk, as the store writes it. In a
// file without a name, so that nothing stays behind whatever happens; other files are not touched.
model::Result<SyncTimes> measure_syncs(const std::string& directory);

// What the times say: how long devices wait for an acknowledgement, and whether the medium can
// have written in so short a time. That it cannot is no proof, and that it can is none either.
Checks judge_syncs(SyncTimes times, const std::optional<BlockDevice>& device, bool is_rotational);

Checks check_syncs(const std::string& directory, const std::string& sys);

}  // namespace gateway::doctor
