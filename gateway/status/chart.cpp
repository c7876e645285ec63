#include "gateway/status/chart.hpp"

#include "gateway/status/html.hpp"

#include <algorithm>
#include <cmath>

namespace gateway::status {
namespace {

// Of the drawing's own coordinates, which the browser stretches to the place it has.
constexpr std::int64_t kBinWidth = 4;
constexpr std::int64_t kHeight = 200;
constexpr int kGridLines = 3;

}  // namespace

std::vector<observe::HistoryStep> to_bins(
    const std::vector<observe::HistoryStep>& steps,
    model::Instant end,
    std::chrono::seconds span,
    std::chrono::seconds bin
) {
    std::vector<observe::HistoryStep> bins(static_cast<std::size_t>(span / bin));
    const auto first = end - span;
    for (const auto& step : steps) {
        if (step.end <= first || step.end > end) continue;
        const auto since = step.end - first - observe::HistoryStep::kLeast;
        bins[static_cast<std::size_t>(since / bin)].append(step);
    }
    return bins;
}

std::uint64_t per_minute(const observe::HistoryStep& bin, std::uint64_t count) {
    constexpr std::uint64_t kMinuteMs = 60'000;
    if (bin.length.count() <= 0) return 0;
    return count * kMinuteMs / static_cast<std::uint64_t>(bin.length.count());
}

std::uint64_t axis_end(std::uint64_t number) {
    constexpr std::uint64_t kMax = 1'000'000'000'000'000'000;
    for (std::uint64_t power = 1; power < kMax; power *= 10) {
        for (const std::uint64_t times : {1U, 2U, 5U}) {
            if (times * power >= number) return times * power;
        }
    }
    return kMax;
}

Chart::Chart(std::size_t bins, std::uint64_t axis_end)
    : width_(static_cast<std::int64_t>(bins) * kBinWidth), axis_end_(axis_end) {
    out_ = "<g class=\"grid\">";
    for (int i = 0; i <= kGridLines - 1; ++i) {
        const std::string height = std::to_string(kHeight * i / (kGridLines - 1));
        out_ += "<path d=\"M0 " + height + "H" + std::to_string(width_) + "\"/>";
    }
    out_ += "</g>";
}

std::int64_t Chart::y(std::uint64_t value) const {
    const auto share = static_cast<double>(std::min(value, axis_end_)) /
                       static_cast<double>(std::max<std::uint64_t>(axis_end_, 1));
    return kHeight - std::llround(share * static_cast<double>(kHeight));
}

// "M x y" begins after a gap, "V y H x" goes on; an area returns to the ground before one.
std::string Chart::path(const Values& values, bool is_area) const {
    const std::string ground = std::to_string(kHeight);
    std::string out;
    bool is_drawn = false;
    std::int64_t last = -1;
    for (std::size_t i = 0; i < values.size(); ++i) {
        const std::int64_t x = static_cast<std::int64_t>(i) * kBinWidth;
        if (is_drawn && !values[i] && is_area) out += 'V' + ground;
        if (values[i]) {
            const std::int64_t height = y(*values[i]);
            const std::string from = is_area ? ground : std::to_string(height);
            if (!is_drawn) out += 'M' + std::to_string(x) + ' ' + from;
            if (height != last || !is_drawn) out += 'V' + std::to_string(height);
            out += 'H' + std::to_string(x + kBinWidth);
            last = height;
        }
        is_drawn = values[i].has_value();
    }
    if (is_drawn && is_area) out += 'V' + ground;
    return out;
}

void Chart::area(std::string_view style, const Values& values) {
    out_ += "<path class=\"";
    out_ += style;
    out_ += "\" d=\"" + path(values, true) + "\"/>";
}

void Chart::line(std::string_view style, const Values& values) {
    out_ += "<path class=\"";
    out_ += style;
    out_ += "\" d=\"" + path(values, false) + "\"/>";
}

std::string Chart::finish(std::string_view label) {
    return "<svg role=\"img\" aria-label=\"" + escape_html(label) + "\" viewBox=\"0 0 " +
           std::to_string(width_) + ' ' + std::to_string(kHeight) +
           "\" preserveAspectRatio=\"none\">" + out_ + "</svg>";
}

}  // namespace gateway::status
