#pragma once
#include "gateway/model/time.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace gateway::observe {

// What the operator may know of devices, by the names that the rules have left. The names of the
// members are the contract of the /devices JSON.

// What a device said last of its battery or its radio.
struct VitalReport {
    std::string quantity;
    std::string value;  // a JSON number
    std::string unit;
};

struct DeviceReport {
    std::string name, dataset, source;
    // "heard": as it should be. "silent": overdue. "refused": heard, but nothing of it is stored
    // any more. "renamed": the pseudonyms of its dataset have changed, it has another name now.
    std::string state;
    std::uint64_t readings = 0;
    // Under the dataset's rule for times; nothing while the date is not known, or never.
    std::optional<model::Instant> first_seen, last_seen, last_refused;
    std::optional<std::int64_t> last_seen_ago_s, last_refused_ago_s;
    std::optional<std::int64_t> interval_s;  // the typical one; nothing while too little is known
    std::optional<model::Instant> silent_since;    // only of those that are silent
    std::map<std::string, std::uint64_t> refused;  // readings or messages, by cause
    std::vector<VitalReport> vitals;
};

// What was refused of a source and belongs to no device that could be told.
struct UnnamedReport {
    std::string source;
    std::map<std::string, std::uint64_t> refused;
};

struct DeviceQuery {
    static constexpr std::size_t kListedMax = 1'000;  // named bound of one answer
    std::string search{};                             // how their names begin; empty: all
    bool silent = false;                              // those alone
    std::size_t limit = 100;
};

struct DevicesReport {
    std::int64_t uptime_s = 0;    // nothing is known of the time before
    std::uint64_t known = 0;      // devices in the table
    std::uint64_t silent = 0;     // of these
    std::uint64_t forgotten = 0;  // that were in it, and had to make room
    std::uint64_t matching = 0;   // the query
    // As many of these as were asked for: the one whose name is the search itself, the silent ones,
    // those for longest before, and the others by name.
    std::vector<DeviceReport> devices;
    std::vector<UnnamedReport> unnamed;  // sources where there is something
};

}  // namespace gateway::observe
