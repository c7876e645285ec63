#include "gateway/language/translate.hpp"
#include "gateway/model/message.hpp"
#include "gateway/status/chart.hpp"
#include "gateway/status/html.hpp"
#include "gateway/status/html_table.hpp"
#include "gateway/status/page_parts.hpp"
#include "gateway/status/page_pieces.hpp"
#include "gateway/status/words.hpp"

#include <algorithm>
#include <array>

namespace gateway::status {
namespace {

using language::tr;
using model::translatable;
using observe::HistoryStep;
using std::chrono::seconds;
using Bins = std::vector<HistoryStep>;

// How a stretch of the history is shown.
struct Stretch {
    const char* id;
    const char* title;
    seconds span;
    seconds bin;                       // of the charts
    seconds row;                       // of the table
    std::array<const char*, 3> marks;  // of the axis: its begin, middle and end
    bool ends_now;                     // and not up to five minutes ago
};

Chart::Values values(const Bins& bins, std::uint64_t (*value)(const HistoryStep&)) {
    Chart::Values values;
    for (const HistoryStep& bin : bins) {
        const bool is_known = bin.length.count() > 0;
        values.push_back(is_known ? std::optional{value(bin)} : std::nullopt);
    }
    return values;
}

std::uint64_t stored_rate(const HistoryStep& bin) {
    return per_minute(bin, bin.stored);
}

std::uint64_t received_rate(const HistoryStep& bin) {
    return per_minute(bin, bin.received);
}

std::uint64_t delivered_rate(const HistoryStep& bin) {
    return per_minute(bin, bin.delivered);
}

std::uint64_t waiting(const HistoryStep& bin) {
    return bin.waiting;
}

std::uint64_t highest(const Chart::Values& values) {
    std::uint64_t most = 0;
    for (const auto& value : values) most = std::max(most, value.value_or(0));
    return most;
}

std::string figure(
    const Stretch& stretch, const char* title, std::uint64_t axis_end, std::string_view svg
) {
    std::string out = "<figure>\n" + element("figcaption", title) + "\n<div class=\"plot\">";
    out += element("span", number_words(axis_end));
    out += svg;
    out += "</div>\n<p class=\"axis\">";
    for (const char* mark : stretch.marks) out += element("span", tr(mark));
    return out + "</p>\n</figure>\n";
}

// What is received stands as a whole behind what is stored of it: what shows of it was refused.
std::string flow_figure(const Stretch& stretch, const Bins& bins) {
    const auto received = values(bins, received_rate);
    const auto stored = values(bins, stored_rate);
    const auto delivered = values(bins, delivered_rate);
    const std::uint64_t end = axis_end(std::max({highest(received), highest(delivered), {1}}));
    Chart chart{bins.size(), end};
    chart.area("refused", received);
    chart.area("stored", stored);
    chart.line("delivered", delivered);
    const char* const title = tr("Readings a minute");
    return figure(stretch, title, end, chart.finish(title));
}

std::string waiting_figure(const Stretch& stretch, const Bins& bins) {
    const auto backlog = values(bins, waiting);
    const std::uint64_t end = axis_end(std::max<std::uint64_t>(highest(backlog), 1));
    Chart chart{bins.size(), end};
    chart.area("waiting", backlog);
    const char* const title = tr("Readings that wait for an uplink");
    return figure(stretch, title, end, chart.finish(title));
}

std::string legend() {
    std::string out = "<p class=\"legend\">";
    const auto key = [&out](std::string_view style, const char* text) {
        out += "<span><i class=\"";
        out += style;
        out += "\"></i>" + escape_html(text) + "</span> ";
    };
    key("stored", tr("stored"));
    key("refused", tr("refused"));
    key("delivered", tr("delivered"));
    key("waiting", tr("waiting"));
    return out + "</p>\n";
}

// What the charts show, in a sentence.
std::string summary(const Stretch& stretch, const Bins& bins) {
    HistoryStep whole;
    std::uint64_t most = 0;
    for (const HistoryStep& bin : bins) {
        if (bin.length.count() > 0) whole.append(bin);
        most = std::max(most, bin.waiting);
    }
    const std::string flow =
        tr("{0} received: {1} stored, {2} refused. {3} delivered.",
           {number_words(whole.received),
            number_words(whole.stored),
            number_words(whole.refused),
            number_words(whole.delivered)});
    const std::string backlog =
        stretch.ends_now
            ? tr("At most {0} waited, now {1}.", {number_words(most), number_words(whole.waiting)})
            : tr("At most {0} waited.", {number_words(most)});
    return element("p", flow + ' ' + backlog) + '\n';
}

// "14:05"
std::string time_of_day(model::Instant time) {
    constexpr std::size_t kFrom = 11;
    constexpr std::size_t kSize = 5;
    return model::to_rfc3339(time).substr(kFrom, kSize);
}

std::string figures(const Stretch& stretch, const Bins& rows, model::Instant end) {
    std::string out = "<details id=\"";
    out += stretch.id;
    out += "-figures\"><summary id=\"";
    out += stretch.id;
    out += "-summary\">" + escape_html(tr("The same in figures")) + "</summary>\n";
    HtmlTable table{
        stretch.id,
        HtmlTable::Width::wide,
        {{tr("Until (UTC)")},
         {tr("Received"), true},
         {tr("Stored"), true},
         {tr("Refused"), true},
         {tr("Delivered"), true},
         {tr("Waiting"), true},
         {tr("Buffer"), true}}};
    for (std::size_t i = rows.size(); i-- > 0;) {
        const HistoryStep& row = rows[i];
        if (row.length.count() <= 0) continue;
        table.row(time_of_day(end - stretch.row * static_cast<int>(rows.size() - 1 - i)));
        for (const auto count : {row.received, row.stored, row.refused, row.delivered, row.waiting})
            table.cell(number(count));
        table.cell(escape_html(bytes_words(row.buffer_bytes)));
    }
    return out + table.finish() + "</details>\n";
}

// Bins begin at multiples of their length, so that a step stays in its own when time goes on.
model::Instant end_of(model::Instant now, seconds bin) {
    return std::chrono::ceil<seconds>(now) +
           (bin - std::chrono::ceil<seconds>(now).time_since_epoch() % bin) % bin;
}

std::string part(
    const Stretch& stretch, const std::vector<HistoryStep>& steps, model::Instant now
) {
    std::string out = open_section(stretch.id, tr(stretch.title));
    if (steps.empty())
        return out + element("p", tr("Nothing is known of it yet.")) + "</section>\n";
    const Bins bins = to_bins(steps, end_of(now, stretch.bin), stretch.span, stretch.bin);
    const model::Instant end = end_of(now, stretch.row);
    out += summary(stretch, bins) + legend();
    out += flow_figure(stretch, bins) + waiting_figure(stretch, bins);
    return out + figures(stretch, to_bins(steps, end, stretch.span, stretch.row), end) +
           "</section>\n";
}

constexpr Stretch kHour{
    "hour",
    translatable("The last hour"),
    std::chrono::hours{1},
    seconds{30},
    std::chrono::minutes{5},
    {translatable("1 h ago"), translatable("30 min ago"), translatable("now")},
    true};
constexpr Stretch kDay{
    "day",
    translatable("The last day"),
    std::chrono::hours{24},
    std::chrono::minutes{10},
    std::chrono::hours{2},
    {translatable("24 h ago"), translatable("12 h ago"), translatable("now")},
    false};

}  // namespace

std::string hour_part(const observe::History& history, model::Instant now) {
    return part(kHour, history.hour(), now);
}

// Without the step that is not over, unless there is no other: this part goes to every browser that
// follows the page when it changes, and so it does once in five minutes.
std::string day_part(const observe::History& history, model::Instant now) {
    std::vector<HistoryStep> steps = history.day();
    const bool is_last_open = !steps.empty() && steps.back().length < observe::History::kCoarseStep;
    if (is_last_open && steps.size() > 1) steps.pop_back();
    return part(kDay, steps, now);
}

}  // namespace gateway::status
