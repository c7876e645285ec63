#include "gateway/status/page.hpp"

#include "gateway/language/translate.hpp"
#include "gateway/status/html.hpp"
#include "gateway/status/words.hpp"

#include <algorithm>
#include <chrono>
#include <initializer_list>

namespace gateway::status {
namespace {

using language::tr;

constexpr int kRefreshSeconds = 5;
constexpr std::size_t kProblemsShownMax = 30;
constexpr std::size_t kRowsShownMax = 100;

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

std::string number_fact(const char* name, std::uint64_t number) {
    return fact(name, escape_html(number_words(number)));
}

struct Column {
    const char* title;
    bool is_number;
};

std::string open_table(std::string_view caption_id, std::initializer_list<Column> columns) {
    std::string out = "<div class=\"wide\"><table aria-labelledby=\"";
    out += caption_id;
    out += "\">\n<thead><tr>";
    for (const Column& column : columns) {
        out += column.is_number ? "<th scope=\"col\" class=\"number\">" : "<th scope=\"col\">";
        out += escape_html(column.title) + "</th>";
    }
    return out + "</tr></thead>\n<tbody>\n";
}

std::string number_cell(std::uint64_t number, bool is_bad = false) {
    return element("td", number_words(number), is_bad && number > 0 ? "number bad" : "number");
}

// Never by colour alone: a sign and a word.
std::string connection(bool connected, std::string_view detail) {
    std::string out = connected ? element("span", tr("✓ connected"), "good")
                                : element("span", tr("✗ not connected"), "bad");
    if (!detail.empty()) out += element("small", detail);
    return out;
}

std::string head(const observe::Report& report) {
    std::string out = "<!doctype html>\n<html lang=\"";
    // The language code of these texts, for browsers and screen readers.
    out += tr("en");
    out += "\">\n<head>\n<meta charset=\"utf-8\">\n";
    out += "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n";
    out += "<meta name=\"color-scheme\" content=\"light dark\">\n";
    out += "<meta http-equiv=\"refresh\" content=\"" + std::to_string(kRefreshSeconds) + "\">\n";
    out += "<link rel=\"stylesheet\" href=\"/style.css\">\n";
    out += element("title", report.gateway + " – Passerelle") + "\n</head>\n";
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
    out += "\" role=\"status\"><span aria-hidden=\"true\">";
    out += state == "ok" ? "✓" : state == "failing" ? "✗" : "!";
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
        out += escape_html(tr("for")) + ' ' + age(problem.since, report.clock.now);
        out += "</small></li>\n";
    }
    if (shown < report.problems.size()) {
        const std::size_t rest = report.problems.size() - shown;
        out += element("li", number_words(rest) + ' ' + tr("more")) + '\n';
    }
    return out + "</ul>\n</section>\n";
}

std::string causes(
    std::string_view id, const char* title, const std::map<std::string, std::uint64_t>& counts
) {
    if (counts.empty()) return {};
    std::string out = "<h3 id=\"";
    out += id;
    out += "\">" + escape_html(title) + "</h3>\n";
    out += open_table(id, {{tr("Cause"), false}, {tr("Readings"), true}});
    for (const auto& [cause, count] : counts) {
        out += "<tr>" + element("td", cause_words(cause)) + number_cell(count) + "</tr>\n";
    }
    return out + "</tbody></table></div>\n";
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
    out += "</dl>\n";
    out += causes("refused", tr("Refused, by cause"), report.refused);
    out += causes("evicted", tr("Given up before delivery, by cause"), report.evicted);
    return out + "</section>\n";
}

std::string uplinks(const observe::Report& report) {
    std::string out = open_section("uplinks", tr("Where the readings go"));
    if (report.uplinks.empty())
        return out + element("p", tr("No uplink is configured.")) + "</section>\n";
    out += open_table(
        "uplinks",
        {{tr("Uplink"), false},
         {tr("Connection"), false},
         {tr("Delivered"), true},
         {tr("Waiting"), true},
         {tr("Rejected"), true},
         {tr("Given up"), true},
         {tr("Behind by"), true},
         {tr("Confirmed ago"), true}}
    );
    std::size_t rows = 0;
    for (const auto& [name, uplink] : report.uplinks) {
        if (rows++ == kRowsShownMax) break;
        out += "<tr><th scope=\"row\">" + escape_html(name) + "</th><td>";
        out += connection(uplink.connected, uplink.detail) + "</td>";
        out += number_cell(uplink.delivered) + number_cell(uplink.waiting);
        out += number_cell(uplink.dead, true) + number_cell(uplink.evicted, true);
        out += element("td", uplink.waiting > 0 ? duration_words(uplink.lag_s) : "–", "number");
        out += "<td class=\"number\">" + age(uplink.last_confirmed, report.clock.now);
        out += "</td></tr>\n";
    }
    return out + "</tbody></table></div>\n</section>\n";
}

std::string sources(const observe::Report& report) {
    std::string out = open_section("sources", tr("Where the readings come from"));
    if (report.sources.empty())
        return out + element("p", tr("No source is configured.")) + "</section>\n";
    out += open_table(
        "sources",
        {{tr("Source"), false},
         {tr("Connection"), false},
         {tr("Dataset"), false},
         {tr("Messages"), true},
         {tr("Stored"), true},
         {tr("Refused"), true},
         {tr("Last heard ago"), true}}
    );
    std::size_t rows = 0;
    for (const observe::SourceReport& source : report.sources) {
        if (rows++ == kRowsShownMax) break;
        out +=
            "<tr><th scope=\"row\">" + escape_html(source.name) + element("small", source.driver);
        out += "</th><td>" + connection(source.connected, source.detail) + "</td>";
        out += element("td", source.dataset) + number_cell(source.frames);
        out += number_cell(source.stored) + number_cell(source.refused, true);
        out += "<td class=\"number\">" + age(source.last_frame, report.clock.now) + "</td></tr>\n";
    }
    return out + "</tbody></table></div>\n</section>\n";
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

std::string buffer(const observe::Report& report) {
    const observe::BufferReport& buffer = report.buffer;
    std::string out = open_section("buffer", tr("Buffer on the disk"));
    out += "<p class=\"fill\">" + fill_meter(buffer) + ' ' + escape_html(bytes_words(buffer.bytes));
    out += escape_html(tr(" of ")) + escape_html(bytes_words(buffer.size_max)) + "</p>\n<dl>\n";
    const char* able = buffer.able_to_store ? tr("✓ yes") : tr("✗ no");
    out += fact(tr("Able to store"), element("span", able, buffer.able_to_store ? "good" : "bad"));
    if (buffer.oldest) out += fact(tr("Oldest reading"), age(buffer.oldest, report.clock.now));
    if (buffer.full_in_s)
        out += fact(tr("Full in"), escape_html(duration_words(*buffer.full_in_s)));
    out += number_fact(tr("Segments"), buffer.segments);
    out += fact(tr("Written to the disk"), escape_html(bytes_words(buffer.bytes_written)));
    return out + "</dl>\n</section>\n";
}

std::string clock(const observe::Report& report) {
    const bool is_synchronised = report.clock.synchronised;
    const char* words = is_synchronised ? tr("✓ synchronised") : tr("✗ not synchronised");
    std::string out = open_section("clock", tr("Clock")) + "<dl>\n";
    out += fact(tr("Time"), escape_html(time_words(report.clock.now)));
    out += fact(tr("State"), element("span", words, is_synchronised ? "good" : "bad"));
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
    out += uplinks(report) + sources(report) + buffer(report) + clock(report);
    out += "</main>\n" + footer(report) + "</body>\n</html>\n";
    return out;
}

}  // namespace gateway::status
