#include "gateway/status/page.hpp"

#include "gateway/language/translate.hpp"
#include "gateway/status/html.hpp"
#include "gateway/status/html_table.hpp"
#include "gateway/status/words.hpp"

#include <algorithm>
#include <chrono>

namespace gateway::status {
namespace {

using language::tr;
using Width = HtmlTable::Width;

constexpr int kRefreshSeconds = 5;
constexpr std::size_t kProblemsShownMax = 30;
constexpr std::size_t kRowsShownMax = 64;

std::int64_t seconds_since(model::Instant past, model::Instant now) {
    return std::chrono::duration_cast<std::chrono::seconds>(now - past).count();
}

// "12 min 5 s", with the exact time for who points at it.
std::string age(const std::optional<model::Instant>& past, model::Instant now) {
    if (!past) return element("span", tr("never"), "quiet");
    std::string out = "<time datetime=\"" + model::to_rfc3339(*past) + "\" title=\"";
    out += escape_html(time_words(*past)) + "\">";
    out += escape_html(duration_words(seconds_since(*past, now))) + "</time>";
    return out;
}

std::string open_section(std::string_view id, const char* title) {
    std::string out = "<section aria-labelledby=\"";
    out += id;
    out += "\">\n<h2 id=\"";
    out += id;
    out += "\">" + escape_html(title) + "</h2>\n";
    return out;
}

std::string fact(const char* name, std::string_view html) {
    std::string out = "<div>" + element("dt", name) + "<dd>";
    out += html;
    out += "</dd></div>\n";
    return out;
}

std::string number_fact(const char* name, std::uint64_t count) {
    return fact(name, escape_html(number_words(count)));
}

std::string number(std::uint64_t count) {
    return escape_html(number_words(count));
}

// What should be zero draws the eye when it is not.
std::string_view bad_unless_zero(std::uint64_t count) {
    return count > 0 ? "bad" : "";
}

// Says how many of a long list are not shown.
std::string rest(std::size_t count, std::size_t shown_max) {
    if (count <= shown_max) return {};
    return element("p", tr("and {0} more", {number_words(count - shown_max)}), "quiet") + '\n';
}

// Never by colour alone: a sign and a word.
std::string connection(bool connected, std::string_view detail) {
    std::string out = "<div>";
    out += connected ? element("span", tr("✓ connected"), "good")
                     : element("span", tr("✗ not connected"), "bad");
    if (!detail.empty()) out += element("small", detail);
    return out + "</div>";
}

std::string_view state_sign(std::string_view state) {
    if (state == "ok") return "✓";
    return state == "failing" ? "✗" : "!";
}

std::string head(const observe::Report& report) {
    std::string out = "<!doctype html>\n<html lang=\"";
    // Translators: the code of your language, for browsers and screen readers.
    out += tr("en");
    out += "\">\n<head>\n<meta charset=\"utf-8\">\n";
    out += "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n";
    out += "<meta name=\"color-scheme\" content=\"light dark\">\n";
    out += "<meta http-equiv=\"refresh\" content=\"" + std::to_string(kRefreshSeconds) + "\">\n";
    out += "<link rel=\"stylesheet\" href=\"/style.css\">\n";
    const std::string title = std::string{state_sign(report.state())} + ' ' + report.gateway;
    out += element("title", title + " – Passerelle") + "\n</head>\n";
    return out;
}

const char* state_words(std::string_view state) {
    if (state == "ok") return tr("Everything works.");
    if (state == "failing") return tr("Readings cannot be stored.");
    return tr("Readings are stored, but something needs attention.");
}

std::string banner(const observe::Report& report) {
    const std::string_view state = report.state();
    std::string out = "<header>\n<p class=\"where\">";
    if (!report.city.empty()) out += element("span", report.city) + ' ';
    out += element("strong", report.gateway) + "</p>\n<h1 class=\"state ";
    out += state;
    out += "\"><span aria-hidden=\"true\">";
    out += state_sign(state);
    out += "</span> " + escape_html(state_words(state)) + "</h1>\n</header>\n";
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

std::string causes(
    std::string_view id, const char* title, const std::map<std::string, std::uint64_t>& counts
) {
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

std::uint64_t total(const std::map<std::string, std::uint64_t>& counts) {
    std::uint64_t sum = 0;
    for (const auto& [cause, count] : counts) sum += count;
    return sum;
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
    out += "</dl>\n";
    out += causes("refused", tr("Refused, by cause"), report.refused);
    out += causes("evicted", tr("Given up before delivery, by cause"), report.evicted);
    return out + "</section>\n";
}

std::string uplinks(const observe::Report& report) {
    std::string out = open_section("uplinks", tr("Where the readings go"));
    if (report.uplinks.empty())
        return out + element("p", tr("No uplink is configured.")) + "</section>\n";
    HtmlTable table{
        "uplinks",
        Width::wide,
        {{tr("Uplink")},
         {tr("Connection")},
         {tr("Delivered"), true},
         {tr("Waiting"), true},
         {tr("Rejected"), true},
         {tr("Given up"), true},
         {tr("Behind by"), true},
         {tr("Confirmed ago"), true}}};
    std::size_t rows = 0;
    for (const auto& [name, uplink] : report.uplinks) {
        if (rows++ == kRowsShownMax) break;
        table.row(escape_html(name));
        table.cell(connection(uplink.connected, uplink.detail));
        table.cell(number(uplink.delivered));
        table.cell(number(uplink.waiting));
        table.cell(number(uplink.dead), bad_unless_zero(uplink.dead));
        table.cell(number(uplink.evicted), bad_unless_zero(uplink.evicted));
        table.cell(uplink.waiting > 0 ? escape_html(duration_words(uplink.lag_s)) : "–");
        table.cell(age(uplink.last_confirmed, report.clock.now));
    }
    out += table.finish() + rest(report.uplinks.size(), kRowsShownMax);
    return out + "</section>\n";
}

// Of a source that devices connect to: how many do, and how many had to go.
std::string visitors(const observe::SourceReport& source) {
    std::string out;
    if (source.connections > 0) {
        out += element(
            "small",
            language::fill(
                language::tr_plural(
                    "{0} device connected", "{0} devices connected", source.connections
                ),
                {number(source.connections)}
            )
        );
    }
    for (const auto& [cause, count] : source.turned_away)
        out += element("small", tr("turned away, {0}: {1}", {cause_words(cause), number(count)}));
    return out;
}

std::string sources(const observe::Report& report) {
    std::string out = open_section("sources", tr("Where the readings come from"));
    if (report.sources.empty())
        return out + element("p", tr("No source is configured.")) + "</section>\n";
    HtmlTable table{
        "sources",
        Width::wide,
        {{tr("Source")},
         {tr("Connection")},
         {tr("Dataset")},
         {tr("Messages"), true},
         {tr("Stored"), true},
         {tr("Refused"), true},
         {tr("Last heard ago"), true}}};
    const std::size_t shown = std::min(report.sources.size(), kRowsShownMax);
    for (std::size_t i = 0; i < shown; ++i) {
        const observe::SourceReport& source = report.sources[i];
        table.row(escape_html(source.name) + element("small", source.driver));
        table.cell(connection(source.connected, source.detail) + visitors(source));
        table.cell(escape_html(source.dataset));
        table.cell(number(source.frames));
        table.cell(number(source.stored));
        table.cell(number(source.refused));
        table.cell(age(source.last_frame, report.clock.now));
    }
    out += table.finish() + rest(report.sources.size(), kRowsShownMax);
    return out + "</section>\n";
}

std::string causes(const std::map<std::string, std::uint64_t>& counts) {
    std::string out;
    for (const auto& [cause, count] : counts)
        out += element("small", tr("{0}: {1}", {cause_words(cause), number(count)}));
    return out;
}

std::string sums(const observe::Report& report) {
    if (report.sums.empty()) return {};
    std::string out = open_section("sums", tr("Sums of groups"));
    HtmlTable table{
        "sums",
        Width::wide,
        {{tr("Sum")},
         {tr("Dataset")},
         {tr("Windows released"), true},
         {tr("Readings taken"), true},
         {tr("Readings left out")},
         {tr("Sums not released")}}};
    const std::size_t shown = std::min(report.sums.size(), kRowsShownMax);
    for (std::size_t i = 0; i < shown; ++i) {
        const observe::SumReport& sum = report.sums[i];
        table.row(escape_html(sum.name));
        table.cell(escape_html(sum.into));
        table.cell(number(sum.releases));
        table.cell(number(sum.taken));
        table.cell(causes(sum.left_out));
        table.cell(causes(sum.suppressed));
    }
    out += table.finish() + rest(report.sums.size(), kRowsShownMax);
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
    out += escape_html(language::fill(filled, {bytes, size_max})) + "</p>\n<dl>\n";
    const char* able = buffer.able_to_store ? tr("✓ yes") : tr("✗ no");
    out += fact(tr("Able to store"), element("span", able, buffer.able_to_store ? "good" : "bad"));
    if (buffer.oldest) out += fact(tr("Oldest reading"), age(buffer.oldest, report.clock.now));
    if (buffer.full_in_s)
        out += fact(tr("Full in"), escape_html(duration_words(*buffer.full_in_s)));
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

std::string footer(const observe::Report& report) {
    std::string out = "<footer>\n<p>Passerelle " + escape_html(report.version) + " · ";
    out += escape_html(tr("This page renews itself every five seconds.")) + "</p>\n<p>";
    out += "<a href=\"/status\">JSON</a> · <a href=\"/metrics\">OpenMetrics</a></p>\n</footer>\n";
    return out;
}

}  // namespace

std::string to_page(const observe::Report& report) {
    std::string out = head(report);
    out += "<body>\n" + banner(report) + "<main>\n" + problems(report) + ledger(report);
    out += uplinks(report) + sources(report) + sums(report) + buffer(report) + clock(report);
    out += "</main>\n" + footer(report) + "</body>\n</html>\n";
    return out;
}

}  // namespace gateway::status
