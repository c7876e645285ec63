#include "gateway/cli/roff.hpp"

namespace gateway::cli {
namespace {

std::string escaped(std::string_view text, bool is_literal) {
    std::string roff;
    if (text.starts_with('.') || text.starts_with('\'')) roff += "\\&";
    for (const char c : text) {
        switch (c) {
            case '\\':
                roff += "\\e";
                break;
            case '\n':
                roff += ' ';
                break;
            case '-':
                roff += is_literal ? "\\-" : "-";
                break;
            case '\'':
                roff += is_literal ? "\\(aq" : "'";
                break;
            case '~':
                roff += is_literal ? "\\(ti" : "~";
                break;
            case '^':
                roff += is_literal ? "\\(ha" : "^";
                break;
            case '`':
                roff += is_literal ? "\\(ga" : "`";
                break;
            default:
                roff += c;
        }
    }
    return roff;
}

}  // namespace

std::string roff_text(std::string_view text) {
    return escaped(text, false);
}

std::string roff_literal(std::string_view text) {
    return escaped(text, true);
}

std::string roff_bold(std::string_view literal) {
    return "\\fB" + roff_literal(literal) + "\\fR";
}

std::string roff_italic(std::string_view text) {
    return "\\fI" + roff_text(text) + "\\fR";
}

}  // namespace gateway::cli
