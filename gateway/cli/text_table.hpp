#pragma once
#include <cstddef>
#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

namespace gateway::cli {

// Rows of text in columns as wide as their widest cell, for a terminal. Widths are counted in
// characters, so that accents do not bend the columns.
class TextTable {
  public:
    enum class Align { left, right };

    explicit TextTable(std::vector<Align> columns) : columns_(std::move(columns)) {}

    // A row has as many cells as there are columns.
    void add(std::vector<std::string> row);

    // A line below the last row that no column binds.
    void add_note(std::string text);

    bool empty() const { return rows_.empty(); }

    // Every row on a line behind two blanks, without trailing blanks.
    std::string text() const;

  private:
    std::vector<std::size_t> widths() const;

    std::vector<Align> columns_;
    struct Row {
        std::vector<std::string> cells;
        std::string notes;
    };
    std::vector<Row> rows_;
};

// Characters of the widest line of a text.
std::size_t widest_line(std::string_view text);

// A text broken at its blanks into lines of at most `width` characters, the first behind `lead`,
// the others indented as much. Ends with a line feed.
std::string wrapped(const std::string& lead, const std::string& text, std::size_t width);

}  // namespace gateway::cli
