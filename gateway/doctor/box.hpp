#pragma once
#include "gateway/doctor/check.hpp"
#include "gateway/doctor/examination.hpp"
#include "gateway/doctor/places.hpp"
#include "gateway/doctor/running_gateway.hpp"
#include "gateway/settings/loader.hpp"

#include <chrono>
#include <optional>
#include <string>
#include <vector>

namespace gateway::doctor {

// What is looked at, without what is found.
struct Box {
    std::string file;  // the configuration's
    // Without looking at the files that it names. Nothing if it was not read in time: who builds
    // the box tells so.
    std::optional<settings::LoadResult> loaded;
    RunningGateway running;
    Places places;
    std::vector<Group> more{};  // what else is looked at
};

// All checks together take no longer.
inline constexpr std::chrono::seconds kExaminationTimeMax{16};
// So many recipients and brokers are visited; the rest is told as skipped.
inline constexpr std::size_t kEndpointsMax = 16;

// Every check of a box. Without a configuration that can be used, those that need none. Changes
// nothing: the store is not opened, batches are not touched. Files are looked at in groups alone,
// each of which has its limit.
Examination examine_box(Box box);

}  // namespace gateway::doctor
