#include "gateway/status/html.hpp"

#include "gateway/status/utf8.hpp"

namespace gateway::status {
namespace {

std::string_view entity(char c) {
    switch (c) {
        case '&':
            return "&amp;";
        case '<':
            return "&lt;";
        case '>':
            return "&gt;";
        case '"':
            return "&quot;";
        case '\'':
            return "&#39;";
        default:
            return {};
    }
}

}  // namespace

std::string escape_html(std::string_view text) {
    std::string out;
    for (const char c : to_utf8(text)) {
        const std::string_view replacement = entity(c);
        if (replacement.empty()) {
            out += c;
        } else {
            out += replacement;
        }
    }
    return out;
}

std::string element(std::string_view name, std::string_view text, std::string_view style) {
    std::string out = "<";
    out += name;
    if (!style.empty()) {
        out += " class=\"";
        out += style;
        out += '"';
    }
    out += '>';
    out += escape_html(text);
    out += "</";
    out += name;
    out += '>';
    return out;
}

}  // namespace gateway::status
