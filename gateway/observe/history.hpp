#pragma once
#include "gateway/observe/report.hpp"
#include "gateway/runtime/clock.hpp"

#include <boost/circular_buffer.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace gateway::observe {

// What the gateway did in a step of time. Over all uplinks together: of two that take a reading
// each delivers it, and for each it waits.
struct HistoryStep {
    runtime::WallClock::Instant end{};
    runtime::WallClock::Duration length{};
    std::uint64_t received = 0, stored = 0, delivered = 0, refused = 0;  // readings, in the step
    std::uint64_t evicted = 0;                    // likewise, and not because a person asked for it
    std::uint64_t waiting = 0, buffer_bytes = 0;  // at its end

    // The least that two instants differ by.
    static constexpr runtime::WallClock::Duration kLeast{1};

    // Makes it one with the step that follows.
    void append(const HistoryStep& next);

    bool operator==(const HistoryStep&) const = default;
};

// The last hour in fine steps and the last day in coarse ones, in memory of a fixed size (some
// 40 KB): where all steps are taken, the oldest goes. Steps while the gateway did not run are
// missing. On the reactor.
class History {
  public:
    static constexpr std::chrono::seconds kFineStep{10};
    static constexpr std::chrono::seconds kFineSpan{std::chrono::hours{1}};
    static constexpr std::chrono::seconds kCoarseStep{std::chrono::minutes{5}};
    static constexpr std::chrono::seconds kCoarseSpan{std::chrono::hours{24}};

    // The clock outlives it.
    explicit History(const runtime::WallClock& clock);

    // Ends a step; called every kFineStep. The first report of a run is where its steps begin.
    void note(const Report& report);

    // The steps of the last hour and day, oldest first, dated as well as the clock knows. Where the
    // date is not known yet, steps of an earlier run that would lie later are left out.
    std::vector<HistoryStep> hour() const;
    std::vector<HistoryStep> day() const;  // the last may be shorter: it is not over

    // Until nothing waits any more, at the rate of the last minutes; nothing while that grows.
    std::optional<std::chrono::seconds> empty_in() const;

    // Readings of the last day that left before they were delivered; see HistoryStep.
    std::uint64_t evicted_in_a_day() const;

    // As a text, for the next run.
    std::string to_text() const;
    // Takes what to_text() wrote; false, with nothing taken, when it is damaged or of another
    // version. Before the first note().
    bool restore(std::string_view text);

  private:
    using Ring = boost::circular_buffer<HistoryStep>;

    std::vector<HistoryStep> dated(const Ring& ring, std::chrono::seconds span) const;

    const runtime::WallClock& clock_;
    Ring fine_;
    Ring coarse_;
    HistoryStep open_;                   // coarse, and not over
    std::optional<HistoryStep> totals_;  // of the last report, since ever; its end since the boot
};

}  // namespace gateway::observe
