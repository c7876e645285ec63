#include "gateway/language/translate.hpp"
#include "gateway/status/html.hpp"
#include "gateway/status/html_table.hpp"
#include "gateway/status/page_parts.hpp"
#include "gateway/status/page_pieces.hpp"
#include "gateway/status/words.hpp"

#include <algorithm>

namespace gateway::status {
namespace {

using language::tr;
using Width = HtmlTable::Width;

// What should be zero draws the eye when it is not.
std::string_view bad_unless_zero(std::uint64_t count) {
    return count > 0 ? "bad" : "";
}

// Never by colour alone: a sign and a word.
std::string connection(bool connected, std::string_view detail) {
    std::string out = "<div>";
    out += connected ? element("span", tr("✓ connected"), "good")
                     : element("span", tr("✗ not connected"), "bad");
    if (!detail.empty()) out += element("small", detail);
    return out + "</div>";
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
    for (const auto& [address, count] : source.lost_at_nodes)
        out += element("small", tr("lost at the node {0}: {1}", {address, number(count)}));
    return out;
}

std::string cause_lines(const Counts& counts) {
    std::string out;
    for (const auto& [cause, count] : counts)
        out += element("small", tr("{0}: {1}", {cause_words(cause), number(count)}));
    return out;
}

}  // namespace

std::string uplinks_part(const observe::Report& report) {
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

std::string sources_part(const observe::Report& report) {
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

std::string sums_part(const observe::Report& report) {
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
        table.cell(cause_lines(sum.left_out));
        table.cell(cause_lines(sum.suppressed));
    }
    out += table.finish() + rest(report.sums.size(), kRowsShownMax);
    return out + "</section>\n";
}

}  // namespace gateway::status
