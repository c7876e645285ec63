#include "gateway/status/page_parts.hpp"

#include "gateway/language/translate.hpp"
#include "gateway/status/device_page.hpp"
#include "gateway/status/html.hpp"
#include "gateway/status/html_table.hpp"
#include "gateway/status/page_pieces.hpp"
#include "gateway/status/words.hpp"

#include <algorithm>

namespace gateway::status {
namespace {

using language::tr;
using Width = HtmlTable::Width;

constexpr std::size_t kProblemsShownMax = 30;

const char* state_words(const observe::Report& report) {
    const std::string_view state = report.state();
    if (!report.running) return tr("The gateway stands still: it takes and delivers nothing.");
    if (state == "ok") return tr("Everything works.");
    if (state == "failing") return tr("Readings cannot be stored.");
    return tr("Readings are stored, but something needs attention.");
}

std::string banner(const observe::Report& report) {
    const std::string_view state = report.state();
    std::string out = where(report) + "<h1 class=\"state ";
    out += state;
    out += "\"><span aria-hidden=\"true\">";
    out += state_sign(state);
    out += "</span> " + escape_html(state_words(report)) + "</h1>\n";
    return out;
}

std::string problems(const observe::Report& report) {
    if (report.problems.empty()) return {};
    std::string out = open_section("problems", tr("What is wrong")) + "<ul class=\"problems\">\n";
    const std::size_t shown = std::min(report.problems.size(), kProblemsShownMax);
    for (std::size_t i = 0; i < shown; ++i) {
        const observe::Problem& problem = report.problems[i];
        out += problem.failing ? "<li class=\"failing\">" : "<li class=\"degraded\">";
        out += element("p", problem.text) + "<small>" + element("code", problem.code) + " · ";
        // Translators: {0} is a duration, since when there has been a problem.
        const std::string lasting = escape_html(tr("for {0}"));
        out += language::fill(lasting, {age(problem.since, report.clock.now)});
        out += "</small></li>\n";
    }
    return out + "</ul>\n" + rest(report.problems.size(), kProblemsShownMax) + "</section>\n";
}

std::string causes(std::string_view id, const char* title, const Counts& counts) {
    if (counts.empty()) return {};
    std::string out = "<h3 id=\"";
    out += id;
    out += "\">" + escape_html(title) + "</h3>\n";
    HtmlTable table{id, Width::narrow, {{tr("Cause")}, {tr("Readings"), true}}};
    for (const auto& [cause, count] : counts) {
        table.row(escape_html(cause_words(cause)));
        table.cell(number(count));
    }
    return out + table.finish();
}

std::string ledger(const observe::Report& report) {
    std::string out = open_section("ledger", tr("Readings")) + "<dl>\n";
    out += number_fact(tr("Received"), report.received);
    out += number_fact(tr("Stored"), report.stored);
    out += number_fact(tr("Refused"), total(report.refused));
    out += number_fact(tr("Given up"), total(report.evicted));
    out += number_fact(tr("Devices heard"), report.devices);
    out += number_fact(tr("Fields removed"), report.fields_dropped);
    if (report.consents > 0) out += number_fact(tr("Consents in force"), report.consents);
    if (report.restrictions > 0)
        out += number_fact(tr("Restrictions in force"), report.restrictions);
    out += "</dl>\n<p><a href=\"";
    out += kDevicePagePath;
    out += "\">" + escape_html(tr("Find a device, or see which ones are silent")) + "</a></p>\n";
    out += causes("refused", tr("Refused, by cause"), report.refused);
    out += causes("evicted", tr("Given up before delivery, by cause"), report.evicted);
    return out + "</section>\n";
}

std::string fill_meter(const observe::BufferReport& buffer) {
    const std::uint64_t percent =
        buffer.size_max == 0 ? 0
                             : std::min<std::uint64_t>(100, buffer.bytes * 100 / buffer.size_max);
    const std::string value = std::to_string(percent);
    std::string out = "<meter min=\"0\" max=\"100\" low=\"70\" high=\"90\" optimum=\"0\" value=\"";
    out += value + "\" aria-label=\"" + escape_html(tr("Buffer used")) + "\">" + value;
    out += " %</meter>";
    return out;
}

// Whether something is in the way of what waits; a few that wait for company are not held up.
bool is_held_up(const observe::UplinkReport& uplink) {
    constexpr std::int64_t kLagMin = 60;
    return uplink.waiting > 0 && (!uplink.connected || uplink.lag_s >= kLagMin);
}

// What becomes of the fill if everything goes on as it does.
std::string outlook(const observe::Report& report) {
    constexpr std::uint64_t kFullPercent = 97;  // where the store makes room
    const observe::BufferReport& buffer = report.buffer;
    const auto any = [&](auto holds) {
        return std::any_of(report.uplinks.begin(), report.uplinks.end(), [&](const auto& uplink) {
            return holds(uplink.second);
        });
    };
    if (buffer.bytes * 100 >= buffer.size_max * kFullPercent && buffer.size_max > 0)
        return tr("Full: the oldest readings give way, or new ones are refused.");
    if (!any([](const auto& uplink) { return uplink.waiting > 0; }))
        return tr("Nothing waits to be delivered.");
    if (!any(is_held_up)) return tr("Readings are delivered as they come.");
    if (buffer.full_in_s)
        return tr("Full in {0} at the present rate.", {duration_words(*buffer.full_in_s)});
    if (buffer.empty_in_s)
        return tr(
            "Nothing waits in {0} at the present rate.", {duration_words(*buffer.empty_in_s)}
        );
    return tr("Neither filling nor emptying.");
}

std::string per_day(const observe::BufferReport& buffer) {
    std::string written = bytes_words(*buffer.bytes_per_day);
    if (!buffer.flash_budget_per_day) return written;
    // Translators: bytes written to the card in a day, "150 MiB, of a budget of 200 MiB".
    return tr("{0}, of a budget of {1}", {written, bytes_words(*buffer.flash_budget_per_day)});
}

std::string buffer(const observe::Report& report) {
    const observe::BufferReport& buffer = report.buffer;
    std::string out = open_section("buffer", tr("Buffer on the disk"));
    const std::string bytes = bytes_words(buffer.bytes);
    const std::string size_max = bytes_words(buffer.size_max);
    out += "<p class=\"fill\">" + fill_meter(buffer) + ' ';
    // Translators: how full the buffer is, "1.5 GiB of 2 GiB".
    const char* const filled = tr("{0} of {1}");
    out += escape_html(language::fill(filled, {bytes, size_max})) + "</p>\n";
    out += element("p", outlook(report)) + "\n<dl>\n";
    const char* able = buffer.able_to_store ? tr("✓ yes") : tr("✗ no");
    out += fact(tr("Able to store"), element("span", able, buffer.able_to_store ? "good" : "bad"));
    if (buffer.oldest) out += fact(tr("Oldest reading"), age(buffer.oldest, report.clock.now));
    out += number_fact(tr("Segments"), buffer.segments);
    out += fact(tr("Written to the disk"), escape_html(bytes_words(buffer.bytes_written)));
    if (buffer.bytes_per_reading)
        out += fact(tr("Written per reading"), escape_html(bytes_words(*buffer.bytes_per_reading)));
    if (buffer.bytes_per_day) out += fact(tr("Written per day"), escape_html(per_day(buffer)));
    return out + "</dl>\n</section>\n";
}

std::string clock(const observe::Report& report) {
    const observe::ClockReport& clock = report.clock;
    const char* words = clock.synchronised ? tr("✓ synchronised") : tr("✗ not synchronised");
    if (!clock.trusted) words = tr("✗ not set");
    std::string out = open_section("clock", tr("Clock")) + "<dl>\n";
    if (clock.trusted) {
        out += fact(tr("Time"), escape_html(time_words(clock.now)));
    } else {
        out += fact(tr("Not before"), escape_html(time_words(clock.now)));
        out += fact(tr("System clock"), escape_html(time_words(clock.system)));
    }
    const bool is_good = clock.trusted && clock.synchronised;
    out += fact(tr("State"), element("span", words, is_good ? "good" : "bad"));
    if (clock.undated > 0) {
        out += number_fact(tr("Stored without a date"), clock.undated);
        out += number_fact(tr("Dated afterwards"), clock.corrected);
        out += number_fact(tr("Sent with an uncertain date"), clock.uncertain);
    }
    out += fact(tr("Running for"), escape_html(duration_words(report.uptime_s)));
    return out + "</dl>\n</section>\n";
}

}  // namespace

std::string_view state_sign(std::string_view state) {
    if (state == "ok") return "✓";
    return state == "failing" ? "✗" : "!";
}

std::vector<PagePart> to_parts(const observe::Report& report, const observe::History& history) {
    std::vector<PagePart> parts;
    parts.push_back({kStatePart, banner(report)});
    parts.push_back({"part-problems", problems(report)});
    // Of what is not known there is nothing to say.
    const auto known = [&](const auto& make) { return report.running ? make() : std::string{}; };
    const auto now = report.clock.now;
    parts.push_back({"part-ledger", known([&] { return ledger(report); })});
    parts.push_back({"part-hour", known([&] { return hour_part(history, now); })});
    parts.push_back({"part-day", known([&] { return day_part(history, now); })});
    parts.push_back({"part-buffer", known([&] { return buffer(report); })});
    parts.push_back({"part-uplinks", uplinks_part(report)});
    parts.push_back({"part-sources", sources_part(report)});
    parts.push_back({"part-sums", sums_part(report)});
    parts.push_back({"part-firmware", firmware_part(report)});
    parts.push_back({"part-clock", clock(report)});
    return parts;
}

}  // namespace gateway::status
