#pragma once
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace gateway::status {

// Builds an HTML table row by row. Every cell carries the title of its column, so that the style
// sheet can lay rows out as cards on a narrow screen.
class HtmlTable {
  public:
    struct Column {
        const char* title = "";
        bool is_number = false;
    };
    enum class Width { narrow, wide };  // a wide one becomes cards on a phone

    // `heading_id` is the id of the heading that names the table.
    HtmlTable(std::string_view heading_id, Width width, std::vector<Column> columns);

    // Begins a row with the cell that names it.
    void row(std::string_view html);

    void cell(std::string_view html, std::string_view style = {});

    // Ends the table and gives it away.
    std::string finish();

  private:
    std::vector<Column> columns_;
    std::size_t next_ = 0;  // column of the next cell
    std::string out_;
};

}  // namespace gateway::status
