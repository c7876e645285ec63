#pragma once
#include "gateway/aggregate/spool_schema.hpp"
#include "gateway/buffer/schema.hpp"
#include "gateway/firmware/firmware_schema.hpp"

#include <array>
#include <cstdint>
#include <string_view>

namespace gateway {

// A release, and the versions of the databases that it reads and writes.
struct Release {
    std::string_view version;
    std::int64_t store;    // buffer/schema.hpp
    std::int64_t sums;     // aggregate/spool_schema.hpp
    std::int64_t updates;  // firmware/firmware_schema.hpp
};

// All that were packaged, and this one at the end: a package that goes back to one of them is told
// here how far its databases must be brought down.
inline constexpr std::array kReleases{Release{"0.1.0", 9, 1, 1}};

static_assert(
    kReleases.back().version == PASSERELLE_VERSION &&
        kReleases.back().store == buffer::kSchemaVersion &&
        kReleases.back().sums == aggregate::kSpoolSchemaVersion &&
        kReleases.back().updates == firmware::kFirmwareSchemaVersion,
    "the last line is of this release, with the schemas that it has"
);

}  // namespace gateway
