#pragma once
#include "gateway/observe/history.hpp"

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace gateway::status {

// Steps of a history, joined into bins of equal length that end at `end`; the oldest first. A bin
// that no step ended in has the length 0.
std::vector<observe::HistoryStep> to_bins(
    const std::vector<observe::HistoryStep>& steps,
    model::Instant end,
    std::chrono::seconds span,
    std::chrono::seconds bin
);

// A count in a bin, as what it would be in a minute.
std::uint64_t per_minute(const observe::HistoryStep& bin, std::uint64_t count);

// The least 1, 2 or 5 times a power of ten that is not below the number: where an axis ends.
std::uint64_t axis_end(std::uint64_t number);

// The content of an SVG over bins: stepped areas and lines, drawn without colours, which are the
// style sheet's. It has no words: who embeds it says in text what it shows.
class Chart {
  public:
    // `values` has one value a bin; what is not known leaves a gap.
    using Values = std::vector<std::optional<std::uint64_t>>;

    Chart(std::size_t bins, std::uint64_t axis_end);

    void area(std::string_view style, const Values& values);
    void line(std::string_view style, const Values& values);

    // The <svg> with its label for who does not see it; call it once, at the end.
    std::string finish(std::string_view label);

  private:
    std::int64_t y(std::uint64_t value) const;
    std::string path(const Values& values, bool is_area) const;

    std::int64_t width_;
    std::uint64_t axis_end_;
    std::string out_;
};

}  // namespace gateway::status
