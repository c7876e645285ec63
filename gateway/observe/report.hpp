#pragma once
#include "gateway/model/time.hpp"
#include "gateway/observe/firmware_report.hpp"
#include "gateway/observe/histogram.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace gateway::observe {

// Everything the operator may know at one instant: the status endpoint, the metrics and the page
// are renderings of it. The names are the contract of the /status JSON.
struct Problem {
    std::string code;  // "uplink-unreachable", stable
    std::string text;  // what is wrong, where, what to do; in the operator's language
    model::Instant since{};
    bool failing = false;  // readings cannot be stored; otherwise the gateway is degraded
};

struct UplinkReport {
    std::uint64_t delivered = 0, waiting = 0, dead = 0, evicted = 0, stored = 0;
    std::int64_t lag_s = 0;  // age of the oldest reading that waits; 0 when none does
    bool connected = false;
    std::string detail;
    std::optional<model::Instant> last_confirmed;
    std::uint64_t batches = 0, retries = 0, bytes_sent = 0;
    std::uint64_t fields_withheld = 0;  // that did not fit the contract's rule for them, this run
    std::uint64_t erasures = 0;  // that the recipient was to be told of and has not confirmed
    std::map<std::string, std::uint64_t> waiting_in{};  // readings by dataset, where any wait
    Histogram batch_readings{kReadingsAtOnce};          // of confirmed batches
    Histogram sending_seconds{kLinkSeconds};            // until the answer
};

struct SourceReport {
    std::string name, driver, dataset;
    bool connected = false;
    std::string detail;
    std::uint64_t frames = 0, stored = 0, refused = 0;
    std::optional<model::Instant> last_frame;
    std::uint64_t connections = 0;                       // devices connected to it now
    std::map<std::string, std::uint64_t> turned_away{};  // connections it ended this run, by cause
    // Readings that nodes on a line had no room for, by the node's address.
    std::map<std::string, std::uint64_t> lost_at_nodes{};
};

// A [[sum]]: what became of the readings that it takes, and of the sums of its groups.
struct SumReport {
    std::string name, from, into;
    std::uint64_t releases = 0;  // windows
    std::uint64_t open_windows = 0;
    std::uint64_t taken = 0;                            // readings that are in a window
    std::uint64_t waiting = 0;                          // readings that are not taken yet
    std::map<std::string, std::uint64_t> left_out{};    // readings in no window, by cause
    std::map<std::string, std::uint64_t> suppressed{};  // sums that were not released, by cause
};

struct BufferReport {
    std::uint64_t bytes = 0, size_max = 0, segments = 0, bytes_written = 0, commits = 0;
    std::optional<model::Instant> oldest;
    std::optional<std::int64_t> full_in_s;
    std::optional<std::int64_t> empty_in_s;  // until nothing waits, while that becomes less
    // Of bytes_written: per stored reading, and over a day at the rate of this run; nothing while
    // too little is known. The budget, where there is one.
    std::optional<std::uint64_t> bytes_per_reading, bytes_per_day, flash_budget_per_day;
    bool able_to_store = false;
    Histogram commit_seconds{kDiskSeconds};
    Histogram commit_readings{kReadingsAtOnce};
};

struct ClockReport {
    model::Instant now{};
    model::Instant system{};    // what the system clock says
    model::Instant floor{};     // what an earlier date cannot be
    bool synchronised = false;  // who sets the system clock vouches for it now
    bool trusted = false;       // `now` is the date, otherwise only a bound
    std::string source;         // "kernel", "mark", "always", "boot" or "none"
    std::string boot;           // the beginning of the boot's id
    // Readings of this run without a time of their own: stored before the date was known; sent
    // since with a date that was told afterwards, and with a guess.
    std::uint64_t undated = 0, corrected = 0, uncertain = 0;
};

// What was refused and is kept, sealed for the data-protection officer.
struct QuarantineReport {
    std::uint64_t records = 0, bytes = 0, size_max = 0;  // on the disk now
    std::uint64_t sealed = 0;                            // records written, this run
    std::uint64_t expired = 0;                           // records past their retention, this run
    std::uint64_t damaged = 0;                           // places where a file is no record
    std::map<std::string, std::uint64_t> lost{};         // records not kept, this run, by cause
};

struct Report {
    std::string gateway, city, version;
    std::int64_t uptime_s = 0;
    // False: the gateway stands still and only answers. What it has stored, received and delivered
    // is not known then, and everything about it is empty.
    bool running = true;
    std::vector<Problem> problems;
    std::uint64_t received = 0, stored = 0;
    std::map<std::string, std::uint64_t> refused, evicted;  // by cause, only causes that occurred
    std::uint64_t fields_dropped = 0;  // fields that no rule lets pass, this run
    std::map<std::string, UplinkReport> uplinks;
    std::vector<SourceReport> sources;
    std::vector<SumReport> sums;
    BufferReport buffer;
    ClockReport clock;
    std::optional<QuarantineReport> quarantine;    // nothing where there is none
    std::uint64_t devices = 0;                     // distinct devices seen in this run (bounded)
    std::uint64_t consents = 0, restrictions = 0;  // in force now
    std::optional<FirmwareReport> firmware;        // nothing where no key of updates is configured

    std::string_view state() const;  // "ok", "degraded" or "failing", from the problems
};

}  // namespace gateway::observe
