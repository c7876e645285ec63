#include "gateway/status/page.hpp"

#include "gateway/language/translate.hpp"
#include "gateway/status/html.hpp"
#include "gateway/status/page_pieces.hpp"

namespace gateway::status {
namespace {

using language::tr;

// Without a script; slow enough to read the page with a screen reader.
constexpr int kRefreshSeconds = 15;

std::string head(const observe::Report& report) {
    const std::string renewal = "<noscript><meta http-equiv=\"refresh\" content=\"" +
                                std::to_string(kRefreshSeconds) + "\"></noscript>\n";
    return open_document(page_title(report), page_style(), renewal);
}

std::string in_place(const PagePart& part) {
    std::string out = "<div id=\"";
    out += part.id;
    // What changes there is read out, unless the reader is in the middle of something.
    out += part.id == kStatePart ? "\" aria-live=\"polite\">\n" : "\">\n";
    return out + part.html + "</div>\n";
}

std::string stale() {
    return "<p id=\"stale\" class=\"degraded\" role=\"alert\" hidden>" +
           escape_html(tr("The gateway does not answer: what you see may be old. "
                          "The page goes on by itself when it answers again.")) +
           "</p>\n";
}

std::string footer(const observe::Report& report) {
    std::string out = "<footer>\n<p><a href=\"/notice\">";
    out += escape_html(tr("What is measured here, and what is not kept")) + "</a></p>\n<p>";
    out += "Passerelle " + escape_html(report.version) + " · ";
    out += escape_html(tr("This page renews itself.")) + " · <a href=\"/status\">JSON</a> · ";
    out += "<a href=\"/history\">" + escape_html(tr("History")) + "</a> · ";
    out += "<a href=\"/metrics\">OpenMetrics</a></p>\n</footer>\n";
    return out;
}

}  // namespace

std::string page_title(const observe::Report& report) {
    return std::string{state_sign(report.state())} + ' ' + report.gateway + " – Passerelle";
}

std::string to_page(
    const observe::Report& report, const std::vector<PagePart>& parts, std::string_view version
) {
    std::string out = head(report) + "<body data-version=\"" + escape_html(version) + "\">\n";
    out += "<header>\n" + in_place(parts.front()) + stale() + "</header>\n<main>\n";
    for (std::size_t i = 1; i < parts.size(); ++i) out += in_place(parts[i]);
    out += "</main>\n" + footer(report) + "<script>";
    out += page_script();
    return out + "</script>\n</body>\n</html>\n";
}

}  // namespace gateway::status
