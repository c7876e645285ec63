#include "gateway/model/time.hpp"

#include <array>
#include <charconv>

namespace gateway::model {
namespace {

// Reads exactly `count` digits; -1 if there are not so many.
int read_number(std::string_view text, std::size_t at, std::size_t count) {
    if (at + count > text.size()) return -1;
    int number = 0;
    for (std::size_t i = at; i < at + count; ++i) {
        if (text[i] < '0' || text[i] > '9') return -1;
        number = number * 10 + (text[i] - '0');
    }
    return number;
}

bool has(std::string_view text, std::size_t at, std::string_view any_of) {
    return at < text.size() && any_of.find(text[at]) != std::string_view::npos;
}

std::optional<std::chrono::sys_days> read_date(std::string_view text) {
    const int year = read_number(text, 0, 4);
    const int month = read_number(text, 5, 2);
    const int day = read_number(text, 8, 2);
    if (year < 0 || month < 0 || day < 0 || !has(text, 4, "-") || !has(text, 7, "-"))
        return std::nullopt;
    const std::chrono::year_month_day date{
        std::chrono::year{year},
        std::chrono::month{static_cast<unsigned>(month)},
        std::chrono::day{static_cast<unsigned>(day)}};
    if (!date.ok()) return std::nullopt;
    return std::chrono::sys_days{date};
}

// The zone at `at` as minutes east of UTC; it must end the text.
std::optional<std::chrono::minutes> read_zone(std::string_view text, std::size_t at) {
    if (has(text, at, "Zz") && at + 1 == text.size()) return std::chrono::minutes{0};
    if (!has(text, at, "+-") || at + 6 != text.size() || text[at + 3] != ':') return std::nullopt;
    const int hours = read_number(text, at + 1, 2);
    const int minutes = read_number(text, at + 4, 2);
    if (hours < 0 || hours > 23 || minutes < 0 || minutes > 59) return std::nullopt;
    const std::chrono::minutes zone{hours * 60 + minutes};
    return text[at] == '-' ? -zone : zone;
}

// The fraction at `at` in milliseconds; moves `at` behind it.
std::optional<std::chrono::milliseconds> read_fraction(std::string_view text, std::size_t& at) {
    if (!has(text, at, ".")) return std::chrono::milliseconds{0};
    const std::size_t start = ++at;
    int milliseconds = 0;
    int scale = 100;
    for (; has(text, at, "0123456789"); ++at, scale /= 10) milliseconds += (text[at] - '0') * scale;
    if (at == start) return std::nullopt;
    return std::chrono::milliseconds{milliseconds};
}

}  // namespace

std::string_view to_string(TimeQuality quality) {
    switch (quality) {
        case TimeQuality::device:
            return "device";
        case TimeQuality::gateway:
            return "gateway";
        case TimeQuality::corrected:
            return "corrected";
        case TimeQuality::uncertain:
            return "uncertain";
    }
    return "uncertain";
}

std::optional<Instant> parse_rfc3339(std::string_view text) {
    constexpr std::size_t kLengthMax = 64;
    if (text.size() > kLengthMax || !has(text, 10, "Tt ")) return std::nullopt;
    const auto date = read_date(text);
    const int hour = read_number(text, 11, 2);
    const int minute = read_number(text, 14, 2);
    const int second = read_number(text, 17, 2);
    if (!date || hour < 0 || hour > 23 || minute < 0 || minute > 59 || second < 0 || second > 59)
        return std::nullopt;
    if (!has(text, 13, ":") || !has(text, 16, ":")) return std::nullopt;
    std::size_t at = 19;
    const auto fraction = read_fraction(text, at);
    const auto zone = read_zone(text, at);
    if (!fraction || !zone) return std::nullopt;
    return Instant{*date} + std::chrono::hours{hour} + std::chrono::minutes{minute} +
           std::chrono::seconds{second} + *fraction - *zone;
}

void append_rfc3339(std::string& out, Instant time) {
    const auto day = std::chrono::floor<std::chrono::days>(time);
    const std::chrono::year_month_day date{day};
    const std::chrono::hh_mm_ss clock{time - day};
    const auto put = [&out](std::int64_t number, int width) {
        for (int scale = width == 4 ? 1000 : width == 3 ? 100 : 10; scale > 0; scale /= 10) {
            out += static_cast<char>('0' + number / scale % 10);
        }
    };
    put(static_cast<int>(date.year()), 4);
    out += '-';
    put(static_cast<unsigned>(date.month()), 2);
    out += '-';
    put(static_cast<unsigned>(date.day()), 2);
    out += 'T';
    put(clock.hours().count(), 2);
    out += ':';
    put(clock.minutes().count(), 2);
    out += ':';
    put(clock.seconds().count(), 2);
    out += '.';
    put(clock.subseconds().count(), 3);
    out += 'Z';
}

std::string to_rfc3339(Instant time) {
    std::string text;
    append_rfc3339(text, time);
    return text;
}

std::optional<std::chrono::seconds> parse_iso_duration(std::string_view text) {
    if (text.size() < 3 || text[0] != 'P') return std::nullopt;
    const bool of_day = text[1] == 'T';
    const std::string_view digits = text.substr(of_day ? 2 : 1, text.size() - (of_day ? 3 : 2));
    std::uint32_t count = 0;
    const auto [end, failure] =
        std::from_chars(digits.data(), digits.data() + digits.size(), count);
    if (failure != std::errc{} || end != digits.data() + digits.size()) return std::nullopt;
    const auto times = [&](std::int64_t seconds) { return std::chrono::seconds{count * seconds}; };
    switch (text.back()) {
        case 'S':
            if (of_day) return times(1);
            break;
        case 'H':
            if (of_day) return times(3600);
            break;
        case 'M':
            return times(of_day ? 60 : 30 * 86400LL);
        case 'D':
            if (!of_day) return times(86400);
            break;
        case 'W':
            if (!of_day) return times(7 * 86400LL);
            break;
        case 'Y':
            if (!of_day) return times(365 * 86400LL);
            break;
        default:
            break;
    }
    return std::nullopt;
}

}  // namespace gateway::model
