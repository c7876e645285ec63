#pragma once
#include "gateway/doctor/check.hpp"
#include "gateway/model/result.hpp"
#include "gateway/model/time.hpp"
#include "gateway/settings/settings.hpp"

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace gateway::cli {

// What the buffer has of a dataset. Times are nothing where there is none, or it is not known yet.
struct DatasetStock {
    std::string name;
    std::uint64_t segments = 0, readings = 0, bytes = 0;
    std::optional<model::Instant> oldest;  // observed
    std::optional<model::Instant> newest;  // stored
};

// What waits for an uplink of a dataset, by lane: new readings, and those of an outage.
struct LaneStock {
    std::string dataset;
    std::uint64_t live = 0, backlog = 0;
};

struct UplinkStock {
    std::string name;
    std::uint64_t stored = 0, delivered = 0, waiting = 0, dead = 0, evicted = 0;
    std::vector<LaneStock> lanes;
};

struct StoreStats {
    std::string path;
    std::uint64_t bytes = 0;      // of the database file
    std::uint64_t log_bytes = 0;  // of its write-ahead log
    std::uint64_t size_max = 0;
    std::uint64_t pages = 0, pages_free = 0, page_bytes = 0;
    std::uint64_t last_sequence = 0;
    std::vector<DatasetStock> datasets;
    std::vector<UplinkStock> uplinks;
};

// Which of the stored readings are meant; what is empty means all.
struct ReadingQuery {
    std::string dataset;
    std::string uplink;                   // what still waits for it
    std::optional<model::Instant> from;   // observed at or after
    std::optional<model::Instant> until;  // observed before
};

struct ReadingTotals {
    std::uint64_t readings = 0;
    std::uint64_t unreadable = 0;  // readings in segments that do not open
};

// Takes whole lines of JSON, each with its line feed; false when it can take no more, which ends.
using LineSink = std::function<bool(std::string_view lines)>;

// Looks into the store, whether a gateway has it open or not, and changes nothing. The file is that
// of the settings. Errors are what to tell the operator. Blocks.
class StoreInspector {
  public:
    virtual ~StoreInspector() = default;

    virtual model::Result<StoreStats, std::string> stats(const settings::Settings& settings) = 0;

    // Everything of it that can be verified, in the operator's language; a finding for each.
    virtual doctor::Checks verify(const settings::Settings& settings) = 0;

    // {"dataset","sequence","device","quantity","value","unit","time","time_quality",
    // "attributes"}, in the order of the datasets and their sequences. In memory there is a part of
    // some kilobytes.
    virtual model::Result<ReadingTotals, std::string> readings(
        const settings::Settings& settings, const ReadingQuery& query, const LineSink& sink
    ) = 0;
};

}  // namespace gateway::cli
