#pragma once
#include "gateway/buffer/file_reader.hpp"
#include "gateway/buffer/log_scan.hpp"
#include "gateway/buffer/sqlite_connection.hpp"

#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <unordered_map>

namespace gateway::buffer {

// The pages of a database file and its log that are as they were written, read without SQLite,
// which would give up the whole for a part.
class DamagedFile {
  public:
    explicit DamagedFile(const std::string& path);

    using Page = std::array<std::byte, SqliteConnection::kPageBytes>;

    std::uint32_t pages() const { return pages_; }
    // Whether committed transactions lie behind a part of the log that is not as it was written.
    bool is_log_damaged() const { return is_log_damaged_; }
    // Of each page that others can be made of.
    std::size_t usable_bytes() const { return usable_bytes_; }

    // The page as it was last committed, numbered from 1. False when it is not to be trusted.
    [[nodiscard]] bool read(std::uint32_t number, Page& into) const;

  private:
    FileReader database_;
    FileReader log_;
    std::unordered_map<std::uint32_t, std::uint64_t> logged_;  // page to its offset in the log
    std::uint32_t pages_ = 0;
    bool is_log_damaged_ = false;
    bool sealed_ = true;
    std::size_t usable_bytes_;
};

}  // namespace gateway::buffer
