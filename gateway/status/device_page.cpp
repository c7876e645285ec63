#include "gateway/status/device_page.hpp"

#include "gateway/language/translate.hpp"
#include "gateway/status/device_words.hpp"
#include "gateway/status/html.hpp"
#include "gateway/status/page.hpp"
#include "gateway/status/page_pieces.hpp"
#include "gateway/status/words.hpp"

#include <algorithm>
#include <optional>

namespace gateway::status {
namespace {

using language::tr;

// What the style sheet of the page has no rules for.
constexpr std::string_view kStyle = R"(
main > section { grid-column: 1 / -1; }
form { display: flex; flex-wrap: wrap; gap: .75rem 1rem; align-items: end; }
form > * { margin: 0; }
form .hint { flex-basis: 100%; color: var(--quiet); font-size: .85rem; }
form .name { flex: 1 1 16rem; }
label { font-weight: 600; }
input, button { font: inherit; color: inherit; min-height: 2.75rem; }
input[type=search] { display: block; width: 100%; padding: .25rem .6rem; background: var(--paper);
  border: 1px solid var(--quiet); border-radius: .4rem; }
.only { display: flex; align-items: center; min-height: 2.75rem; }
.only label { font-weight: 400; padding: .6rem 0 .6rem .5rem; }
input[type=checkbox] { width: 1.25rem; min-height: 1.25rem; height: 1.25rem; margin: 0; }
button { padding: .25rem 1.25rem; border: 0; border-radius: .4rem; font-weight: 600;
  background: var(--accent); color: var(--sheet); cursor: pointer; }
.devices { list-style: none; margin: 0; padding: 0; }
.devices li { padding: .75rem 0; border-top: 1px solid var(--line); }
.devices h3 { margin: 0; color: var(--ink); font-size: 1rem; overflow-wrap: anywhere; }
.devices p { margin: .25rem 0; }
.devices dl { margin-top: .5rem; }
.devices dd { font-size: 1rem; overflow-wrap: anywhere; }
.devices small { display: block; font-weight: 400; }
)";

std::string_view sign_of(std::string_view state) {
    if (state == "heard") return "✓";
    return state == "renamed" ? "→" : "✗";
}

std::string_view style_of(std::string_view state) {
    if (state == "heard") return "good";
    return state == "renamed" ? "quiet" : "bad";
}

std::string form(const observe::DeviceQuery& query) {
    std::string out = "<form role=\"search\" action=\"";
    out += kDevicePagePath;
    out += "\">\n<p class=\"name\"><label for=\"search\">";
    out += escape_html(tr("The name begins with")) + "</label>\n<input type=\"search\" ";
    out += "id=\"search\" name=\"search\" autocomplete=\"off\" autocapitalize=\"none\" ";
    out += "spellcheck=\"false\" aria-describedby=\"search-hint\" value=\"";
    out += escape_html(query.search) + "\"></p>\n<p class=\"only\"><input type=\"checkbox\" ";
    out += "id=\"silent\" name=\"silent\" value=\"1\"";
    out += query.silent ? " checked>" : ">";
    out += "<label for=\"silent\">" + escape_html(tr("Only silent ones")) + "</label></p>\n";
    out += "<p>" + element("button", tr("Search")) + "</p>\n";
    out += "<p class=\"hint\" id=\"search-hint\">";
    out += escape_html(
        tr("Devices have the names here that are stored. For the name that is written on one, run "
           "this on the box:")
    );
    out += " <code>passerelle devices --identity --dataset …</code></p>\n</form>\n";
    return out;
}

// What was found, in few words: they name the list, and the browser's tab, which is what a screen
// reader says first of the new page.
std::string count_words(const observe::DevicesReport& found) {
    return language::fill(
        language::tr_plural("{0} device found", "{0} devices found", found.matching),
        {number_words(found.matching)}
    );
}

std::string ago(
    const std::optional<std::int64_t>& seconds, const std::optional<model::Instant>& date
) {
    if (!seconds) return element("span", tr("never"), "quiet");
    std::string words = escape_html(duration_words(*seconds));
    if (!date) return words;
    std::string out = "<time datetime=\"" + model::to_rfc3339(*date) + "\" title=\"";
    return out + escape_html(time_words(*date)) + "\">" + words + "</time>";
}

// Whatever became of it.
std::string last_heard(const observe::DeviceReport& device) {
    const auto& seen = device.last_seen_ago_s;
    const auto& refused = device.last_refused_ago_s;
    const bool was_refused_last = refused && (!seen || *refused < *seen);
    return was_refused_last ? ago(refused, device.last_refused) : ago(seen, device.last_seen);
}

std::string text_fact(const char* name, std::string_view text) {
    return text.empty() ? std::string{} : fact(name, escape_html(text));
}

std::string facts(const observe::DeviceReport& device) {
    std::string out = "<dl>\n" + fact(tr("Last heard ago"), last_heard(device));
    out += device.interval_s
               ? text_fact(tr("Usually every"), duration_words(*device.interval_s))
               : fact(tr("Usually every"), element("span", tr("not known yet"), "quiet"));
    if (device.silent_since) out += text_fact(tr("Silent since"), time_words(*device.silent_since));
    out += text_fact(tr("Signal"), signal_words(device));
    out += text_fact(tr("Battery"), battery_words(device));
    out += number_fact(tr("Readings"), device.readings);
    if (!device.refused.empty()) {
        const std::string causes = element("small", causes_words(device.refused));
        out += fact(tr("Refused"), number(total(device.refused)) + causes);
    }
    out += text_fact(tr("Source"), device.source);
    out += text_fact(tr("Dataset"), device.dataset);
    return out + "</dl>\n";
}

std::string paragraphs(const std::vector<std::string>& texts) {
    std::string out;
    const std::size_t shown = std::min(texts.size(), kRowsShownMax);
    for (std::size_t i = 0; i < shown; ++i) out += element("p", texts[i]) + '\n';
    return out + rest(texts.size(), kRowsShownMax);
}

std::string item(
    const observe::DeviceReport& device, const std::vector<observe::SourceReport>& sources
) {
    std::string state{sign_of(device.state)};
    state += ' ' + device_state_words(device.state);
    std::string out = "<li>\n" + element("h3", device.name) + '\n';
    out += "<p>" + element("span", state, style_of(device.state)) + "</p>\n";
    if (device.state != "heard") out += paragraphs(device_verdict(device, sources));
    return out + facts(device) + "</li>\n";
}

std::string why_none(
    const observe::Report& report,
    const observe::DeviceQuery& query,
    const observe::DevicesReport& found
) {
    if (query.silent && query.search.empty())
        return element("p", tr("None of the devices that were heard is silent.")) + '\n';
    const std::string started = duration_words(found.uptime_s);
    std::string out =
        element("p", tr("No such device was heard since the gateway started, {0} ago.", {started}));
    return out + '\n' + paragraphs(deaf_sources_words(report.sources));
}

std::string results(
    const observe::Report& report,
    const observe::DeviceQuery& query,
    const observe::DevicesReport& found
) {
    std::string out = "<section aria-labelledby=\"found\">\n<h2 id=\"found\">";
    out += escape_html(count_words(found)) + "</h2>\n";
    if (found.matching == 0) out += why_none(report, query, found);
    out += element("p", fleet_words(found)) + '\n';
    const std::size_t shown = std::min(found.devices.size(), kDevicesOnPageMax);
    if (shown > 0) out += "<ul class=\"devices\">\n";
    for (std::size_t i = 0; i < shown; ++i) out += item(found.devices[i], report.sources);
    if (shown > 0) out += "</ul>\n";
    if (found.matching > shown) {
        const std::string more = number_words(found.matching - shown);
        out += element("p", tr("… and {0} more: write more of the name.", {more})) + '\n';
    }
    return out + paragraphs(unnamed_words(found)) + "</section>\n";
}

std::string document(
    const observe::Report& report, const std::string& title, const std::string& content
) {
    std::string out = open_document(title + " – " + report.gateway, device_page_style());
    out += "<body>\n<header>\n" + where(report) + element("h1", tr("Devices"));
    out += "\n</header>\n<main>\n" + content + "</main>\n<footer>\n<p><a href=\"/\">";
    return out + escape_html(tr("How the gateway stands")) +
           "</a></p>\n</footer>\n</body>\n</html>\n";
}

}  // namespace

std::string to_device_page(
    const observe::Report& report,
    const observe::DeviceQuery& query,
    const observe::DevicesReport& found
) {
    const std::string content = "<section>\n" + form(query) + "</section>\n";
    return document(report, count_words(found), content + results(report, query, found));
}

std::string to_hidden_device_page(const observe::Report& report) {
    std::string content = "<section>\n";
    content += element(
        "p",
        tr("The names of devices are personal data, and this page is served on a network: so it "
           "does not show them. Ask on the box: passerelle devices; or let listen of [status] be "
           "an address of the box alone, such as 127.0.0.1:8080, and come through ssh -L.")
    );
    return document(report, tr("Devices"), content + "\n</section>\n");
}

std::string_view device_page_style() {
    static const std::string style = std::string{page_style()} + std::string{kStyle};
    return style;
}

}  // namespace gateway::status
