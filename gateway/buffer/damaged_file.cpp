#include "gateway/buffer/damaged_file.hpp"

#include "gateway/buffer/page_checksum.hpp"

#include <algorithm>
#include <limits>

namespace gateway::buffer {
namespace {

constexpr std::size_t kReserveOffset = 20;  // in the header: bytes reserved at the end of a page
constexpr std::string_view kHeaderText{"SQLite format 3\0", 16};

// Releases before the page checksums reserved nothing.
bool is_without_checksums(const FileReader& database) {
    std::array<std::byte, kReserveOffset + 1> header{};
    if (!database.read(0, header)) return false;
    const auto text = std::as_bytes(std::span(kHeaderText));
    return std::equal(text.begin(), text.end(), header.begin()) &&
           header[kReserveOffset] == std::byte{0};
}

}  // namespace

DamagedFile::DamagedFile(const std::string& path)
    : database_(path),
      log_(path + "-wal"),
      sealed_(!is_without_checksums(database_)),
      usable_bytes_(
          sealed_ ? SqliteConnection::kPageBytes - kPageReserveBytes : SqliteConnection::kPageBytes
      ) {
    const LogScan scan = scan_log(log_);
    is_log_damaged_ = scan.damaged;
    std::uint64_t pages = database_.size() / SqliteConnection::kPageBytes;
    for (const auto& frame : scan.frames) {
        logged_[frame.page] = frame.offset;
        pages = std::max<std::uint64_t>(pages, frame.page);
    }
    if (scan.pages > 0 && !scan.damaged) pages = std::min<std::uint64_t>(pages, scan.pages);
    pages_ = static_cast<std::uint32_t>(
        std::min<std::uint64_t>(pages, std::numeric_limits<std::uint32_t>::max())
    );
}

bool DamagedFile::read(std::uint32_t number, Page& into) const {
    if (number == 0 || number > pages_) return false;
    if (const auto logged = logged_.find(number); logged != logged_.end())
        return log_.read(logged->second, into);
    const std::uint64_t offset = std::uint64_t{number - 1} * SqliteConnection::kPageBytes;
    return database_.read(offset, into) && (!sealed_ || is_intact(into, number));
}

}  // namespace gateway::buffer
