#include "gateway/cli/screen.hpp"

#include "gateway/language/translate.hpp"

#include <algorithm>

namespace gateway::cli {
namespace {

bool continues(char c) {
    return (static_cast<unsigned char>(c) & 0xc0U) == 0x80U;
}

// The first `columns` characters of a UTF-8 text.
std::string cut(const std::string& text, std::size_t columns) {
    std::size_t characters = 0;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (continues(text[i])) continue;
        if (characters++ == columns) return text.substr(0, i);
    }
    return text;
}

// What fits; the foot is always there.
std::vector<std::string> fitting(
    const std::vector<std::string>& lines, const std::string& foot, const Screen::Size& size
) {
    const std::size_t room = size.rows > 1 ? size.rows - 1 : 0;
    std::vector<std::string> rows(
        lines.begin(), lines.begin() + static_cast<std::ptrdiff_t>(std::min(room, lines.size()))
    );
    if (lines.size() > room && room > 0) {
        const std::string hidden = std::to_string(lines.size() - room + 1);
        rows.back() = language::tr("({0} more lines: the window is too low)", {hidden});
    }
    rows.resize(room);
    rows.push_back(foot);
    for (std::string& row : rows) row = cut(row, size.columns);
    return rows;
}

struct Place {
    std::size_t byte = 0;
    std::size_t column = 0;
};

// Where two texts begin to differ, at a character.
Place difference(const std::string& one, const std::string& other) {
    const auto [left, right] = std::mismatch(one.begin(), one.end(), other.begin(), other.end());
    auto byte = static_cast<std::size_t>(right - other.begin());
    while (byte > 0 && ((byte < other.size() && continues(other[byte])) ||
                        (byte < one.size() && continues(one[byte]))))
        --byte;
    Place place{byte, 0};
    for (std::size_t i = 0; i < byte; ++i) {
        if (!continues(other[i])) ++place.column;
    }
    return place;
}

// The cursor to a place, and nothing from there to the end of the line.
std::string from(std::size_t row, std::size_t column) {
    return "\x1b[" + std::to_string(row + 1) + ';' + std::to_string(column + 1) + "H\x1b[K";
}

}  // namespace

std::string Screen::draw(
    const std::vector<std::string>& lines, const std::string& foot, Size size
) {
    std::vector<std::string> rows = fitting(lines, foot, size);
    std::string bytes;
    if (!is_known_ || !(size == size_)) {
        bytes = "\x1b[H\x1b[2J";
        shown_.assign(rows.size(), {});
    }
    for (std::size_t i = 0; i < rows.size(); ++i) {
        if (rows[i] == shown_[i]) continue;
        const Place place = difference(shown_[i], rows[i]);
        bytes += from(i, place.column) + rows[i].substr(place.byte);
    }
    shown_ = std::move(rows);
    size_ = size;
    is_known_ = true;
    return bytes;
}

}  // namespace gateway::cli
