#include "gateway/status/html_table.hpp"

#include "gateway/status/html.hpp"

#include <utility>

namespace gateway::status {

HtmlTable::HtmlTable(std::string_view heading_id, Width width, std::vector<Column> columns)
    : columns_(std::move(columns)) {
    out_ = "<table class=\"";
    out_ += width == Width::wide ? "wide" : "narrow";
    out_ += "\" aria-labelledby=\"";
    out_ += heading_id;
    out_ += "\">\n<thead><tr>";
    for (const Column& column : columns_) {
        out_ += column.is_number ? "<th scope=\"col\" class=\"number\">" : "<th scope=\"col\">";
        out_ += escape_html(column.title) + "</th>";
    }
    out_ += "</tr></thead>\n<tbody>";
}

void HtmlTable::row(std::string_view html) {
    if (next_ > 0) out_ += "</tr>";
    next_ = 1;
    out_ += "\n<tr><th scope=\"row\">";
    out_ += html;
    out_ += "</th>";
}

void HtmlTable::cell(std::string_view html, std::string_view style) {
    const Column& column = columns_.at(next_++);
    out_ += "<td data-label=\"" + escape_html(column.title) + "\" class=\"";
    out_ += column.is_number ? "number" : "text";
    if (!style.empty()) out_ += ' ';
    out_ += style;
    out_ += "\">";
    out_ += html;
    out_ += "</td>";
}

std::string HtmlTable::finish() {
    if (next_ > 0) out_ += "</tr>";
    out_ += "\n</tbody></table>\n";
    return std::move(out_);
}

}  // namespace gateway::status
