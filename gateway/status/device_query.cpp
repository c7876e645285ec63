#include "gateway/status/device_query.hpp"

#include <algorithm>
#include <charconv>
#include <string>

namespace gateway::status {
namespace {

std::optional<std::string> decoded(std::string_view text) {
    constexpr std::size_t kEscape = 3;
    constexpr int kHex = 16;
    std::string out;
    while (!text.empty()) {
        if (text.front() != '%') {
            out += text.front();
            text.remove_prefix(1);
            continue;
        }
        unsigned code = 0;
        if (text.size() < kEscape) return std::nullopt;
        const char* const end = text.data() + kEscape;
        const auto read = std::from_chars(text.data() + 1, end, code, kHex);
        if (read.ec != std::errc{} || read.ptr != end) return std::nullopt;
        out += static_cast<char>(code);
        text.remove_prefix(kEscape);
    }
    return out;
}

std::string trimmed(const std::string& text) {
    constexpr std::string_view kBlanks = " \t\r\n";
    const std::size_t begin = text.find_first_not_of(kBlanks);
    if (begin == std::string::npos) return {};
    return text.substr(begin, text.find_last_not_of(kBlanks) - begin + 1);
}

bool read_limit(std::string_view text, std::size_t& into) {
    const char* const end = text.data() + text.size();
    const auto read = std::from_chars(text.data(), end, into);
    return read.ec == std::errc{} && read.ptr == end && into <= observe::DeviceQuery::kListedMax;
}

bool read_part(std::string_view part, observe::DeviceQuery& query) {
    const std::size_t equals = part.find('=');
    const std::string_view key = part.substr(0, equals);
    const std::string_view value =
        equals == std::string_view::npos ? std::string_view{} : part.substr(equals + 1);
    if (key == "limit") return read_limit(value, query.limit);
    if (key == "silent") {
        query.silent = value == "1";
        return value == "0" || value == "1";
    }
    if (key != "search") return false;
    const auto search = decoded(value);
    if (search) query.search = *search;
    return search.has_value();
}

}  // namespace

std::optional<observe::DeviceQuery> parse_device_query(std::string_view target) {
    observe::DeviceQuery query;
    const std::size_t mark = target.find('?');
    std::string_view rest =
        mark == std::string_view::npos ? std::string_view{} : target.substr(mark + 1);
    while (!rest.empty()) {
        const std::size_t end = rest.find('&');
        if (!read_part(rest.substr(0, end), query)) return std::nullopt;
        rest = end == std::string_view::npos ? std::string_view{} : rest.substr(end + 1);
    }
    return query;
}

std::optional<observe::DeviceQuery> parse_device_form(std::string_view target) {
    std::string plain{target};
    std::replace(plain.begin(), plain.end(), '+', ' ');
    auto query = parse_device_query(plain);
    if (query) query->search = trimmed(query->search);
    return query;
}

}  // namespace gateway::status
