#include "gateway/cli/text_table.hpp"

#include <algorithm>

namespace gateway::cli {
namespace {

// Characters of a UTF-8 text: every byte that does not continue one.
std::size_t width_of(std::string_view text) {
    const auto count = std::count_if(text.begin(), text.end(), [](char c) {
        return (static_cast<unsigned char>(c) & 0xc0U) != 0x80U;
    });
    return static_cast<std::size_t>(count);
}

}  // namespace

void TextTable::add(std::vector<std::string> row) {
    row.resize(columns_.size());
    rows_.push_back({std::move(row), {}});
}

void TextTable::add_note(std::string text) {
    if (rows_.empty()) add({});
    rows_.back().notes += "    " + std::move(text) + '\n';
}

std::string TextTable::text() const {
    const auto width = widths();
    std::string out;
    for (const auto& [cells, notes] : rows_) {
        std::string line;
        for (std::size_t i = 0; i < cells.size(); ++i) {
            const std::string gap(width[i] - width_of(cells[i]), ' ');
            line += "  ";
            line += columns_[i] == Align::right ? gap + cells[i] : cells[i] + gap;
        }
        line.erase(line.find_last_not_of(' ') + 1);
        out.append(line).append("\n").append(notes);
    }
    return out;
}

std::vector<std::size_t> TextTable::widths() const {
    std::vector<std::size_t> widths(columns_.size(), 0);
    for (const auto& row : rows_) {
        for (std::size_t i = 0; i < row.cells.size(); ++i)
            widths[i] = std::max(widths[i], width_of(row.cells[i]));
    }
    return widths;
}

std::size_t widest_line(std::string_view text) {
    std::size_t widest = 0;
    while (!text.empty()) {
        const std::size_t end = std::min(text.find('\n'), text.size());
        widest = std::max(widest, width_of(text.substr(0, end)));
        text.remove_prefix(std::min(end + 1, text.size()));
    }
    return widest;
}

std::string wrapped(const std::string& lead, const std::string& text, std::size_t width) {
    const std::string indent(width_of(lead), ' ');
    std::string out = lead;
    std::size_t column = indent.size();
    for (std::size_t start = 0; start < text.size();) {
        const std::size_t end = std::min(text.find(' ', start), text.size());
        const std::string word = text.substr(start, end - start);
        const bool first = column == indent.size();
        if (!first && column + 1 + width_of(word) > width) {
            out.append("\n").append(indent).append(word);
            column = indent.size() + width_of(word);
        } else {
            out += first ? word : ' ' + word;
            column += width_of(word) + (first ? 0 : 1);
        }
        start = end + 1;
    }
    return out + '\n';
}

}  // namespace gateway::cli
