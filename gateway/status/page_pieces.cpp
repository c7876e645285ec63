#include "gateway/status/page_pieces.hpp"

#include "gateway/language/translate.hpp"
#include "gateway/status/html.hpp"
#include "gateway/status/words.hpp"

#include <chrono>

namespace gateway::status {

using language::tr;

std::string open_document(std::string_view title, std::string_view style, std::string_view more) {
    std::string out = "<!doctype html>\n<html lang=\"";
    // Translators: the code of your language, for browsers and screen readers.
    out += tr("en");
    out += "\">\n<head>\n<meta charset=\"utf-8\">\n";
    out += "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n";
    out += "<meta name=\"color-scheme\" content=\"light dark\">\n";
    out += element("title", title) + "\n<style>";
    out += style;
    out += "</style>\n";
    out += more;
    return out + "</head>\n";
}

std::string where(const observe::Report& report) {
    std::string out = "<p class=\"where\">";
    if (!report.city.empty()) out += element("span", report.city) + ' ';
    return out + element("strong", report.gateway) + "</p>\n";
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
    return fact(name, number(count));
}

std::string number(std::uint64_t count) {
    return escape_html(number_words(count));
}

std::string age(const std::optional<model::Instant>& past, model::Instant now) {
    if (!past) return element("span", tr("never"), "quiet");
    const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(now - *past).count();
    std::string out = "<time datetime=\"" + model::to_rfc3339(*past) + "\" title=\"";
    out += escape_html(time_words(*past)) + "\">";
    out += escape_html(duration_words(seconds)) + "</time>";
    return out;
}

std::string rest(std::size_t count, std::size_t shown_max) {
    if (count <= shown_max) return {};
    return element("p", tr("and {0} more", {number_words(count - shown_max)}), "quiet") + '\n';
}

std::uint64_t total(const Counts& counts) {
    std::uint64_t sum = 0;
    for (const auto& [cause, count] : counts) sum += count;
    return sum;
}

}  // namespace gateway::status
