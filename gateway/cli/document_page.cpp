#include "gateway/cli/document.hpp"
#include "gateway/language/translate.hpp"
#include "gateway/status/html.hpp"

#include <string_view>

namespace gateway::cli {
namespace {

using language::tr;
using status::element;
using status::escape_html;

// Nothing of the page may come from elsewhere, whatever a configuration's texts hold.
constexpr std::string_view kHead = R"(<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<style>
@page { size: A4; margin: 18mm 16mm; }
:root { color-scheme: light dark; }
body { font: 10.5pt/1.4 sans-serif; color: #000; background: #fff; max-width: 178mm;
       margin: 1em auto; padding: 0 1em; }
h1 { font-size: 17pt; line-height: 1.2; margin: 0 0 .5em; }
h2 { font-size: 13pt; margin: 1.6em 0 .4em; border-bottom: 1px solid #000; }
h3 { font-size: 11pt; margin: 1.1em 0 .3em; }
h2, h3 { break-after: avoid; }
small { font-weight: normal; font-size: 8.5pt; color: #444; }
dl { margin: .3em 0; }
dt { font-weight: bold; break-after: avoid; }
dd { margin: 0 0 .4em 1em; }
ul { margin: .3em 0; padding-left: 1.2em; }
p, dd, li, td { overflow-wrap: anywhere; }
table { border-collapse: collapse; width: 100%; margin: .4em 0; font-size: 9pt; }
th, td { border: 1px solid #888; padding: .2em .4em; text-align: left; vertical-align: top; }
thead { display: table-header-group; }
tr, li, dd { break-inside: avoid; }
footer { margin-top: 2em; font-size: 8.5pt; color: #444; }
@media screen and (prefers-color-scheme: dark) {
  body { color: #e6ebe8; background: #121715; }
  small, footer { color: #9daaa4; }
  h2 { border-color: #9daaa4; }
}
</style>
)";

struct BlockHtml {
    std::string operator()(const std::string& paragraph) const {
        return element("p", paragraph) + '\n';
    }
    std::string operator()(const Facts& facts) const {
        std::string html = "<dl>\n";
        for (const auto& [name, meaning] : facts.rows)
            html += element("dt", name) + element("dd", meaning) + '\n';
        return html + "</dl>\n";
    }
    std::string operator()(const Listing& listing) const {
        std::string html = "<ul>\n";
        for (const auto& item : listing.items) html += element("li", item) + '\n';
        return html + "</ul>\n";
    }
    std::string operator()(const Columns& columns) const {
        std::string html = "<table>\n<thead>" + row("th", columns.head) + "</thead>\n<tbody>\n";
        for (const auto& cells : columns.rows) html += row("td", cells) + '\n';
        return html + "</tbody>\n</table>\n";
    }

  private:
    static std::string row(std::string_view name, const std::vector<std::string>& cells) {
        std::string html = "<tr>";
        for (const auto& cell : cells) html += element(name, cell);
        return html + "</tr>";
    }
};

std::string section_html(const Section& section) {
    const std::string name = section.level == 1 ? "h2" : "h3";
    std::string html = '<' + name + '>' + escape_html(section.title);
    if (!section.note.empty()) html += ' ' + element("small", section.note);
    html += "</" + name + ">\n";
    for (const auto& block : section.blocks) html += std::visit(BlockHtml{}, block);
    return html;
}

}  // namespace

std::string document_page(const Document& document) {
    std::string html = "<!doctype html>\n<html lang=\"";
    html += tr("en");
    html += "\">\n<head>\n";
    html += kHead;
    html += element("title", document.title) + "\n</head>\n<body>\n<main>\n";
    html += element("h1", document.title) + '\n';
    for (const auto& paragraph : document.lead) html += element("p", paragraph) + '\n';
    for (const auto& section : document.sections) html += section_html(section);
    html += "</main>\n";
    if (!document.foot.empty()) html += element("footer", document.foot) + '\n';
    return html + "</body>\n</html>\n";
}

}  // namespace gateway::cli
