#pragma once
#include "gateway/buffer/byte_stream.hpp"
#include "gateway/buffer/damaged_file.hpp"

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <variant>
#include <vector>

namespace gateway::buffer {

using Blob = std::span<const std::byte>;
using ColumnValue = std::variant<std::monostate, std::int64_t, double, std::string_view, Blob>;

// A row of a table, or an entry of an index, which has no rowid.
struct PageRow {
    std::optional<std::int64_t> rowid;
    std::vector<ColumnValue> columns;
};

// The rows of one page of a database (https://sqlite.org/fileformat2.html, section 1.6), with what
// of them lies in overflow pages. Rows that do not keep the format, or of which a page is missing,
// are left out. Pages without rows have none.
class PageRows {
  public:
    static constexpr std::uint64_t kRowBytesMax = 32U << 20;

    // Rows longer than `row_bytes_max` are left out.
    PageRows(const DamagedFile& file, std::uint64_t row_bytes_max)
        : file_(file), row_bytes_max_(row_bytes_max) {}

    // False when the page cannot be read.
    bool start(std::uint32_t page);

    // Nothing after the last; valid until the next call.
    const PageRow* next();

  private:
    struct Cell {
        std::uint64_t bytes = 0;  // of the row
        std::size_t local_from = 0;
        std::size_t local = 0;
    };

    bool read_cell(std::size_t offset);
    bool gather(const Cell& cell);
    bool parse();
    std::size_t local_bytes(std::uint64_t bytes) const;

    const DamagedFile& file_;
    std::uint64_t row_bytes_max_;
    DamagedFile::Page page_{};
    std::size_t header_ = 0;  // where the page's begins
    std::size_t cells_ = 0;
    std::size_t cells_from_ = 0;
    std::size_t cell_ = 0;
    bool table_ = false;
    bool interior_ = false;
    Bytes payload_;
    PageRow row_;
};

}  // namespace gateway::buffer
