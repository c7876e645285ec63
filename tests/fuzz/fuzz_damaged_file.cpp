// libFuzzer harness of a database and its log that are read without SQLite. The first byte of an
// input says how many of the pages behind it are the database; the rest is the log.
#include "gateway/buffer/damaged_file.hpp"
#include "gateway/buffer/page_rows.hpp"
#include "tests/fuzz/require.hpp"

#include <unistd.h>

#include <algorithm>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <span>
#include <string>

namespace {

using namespace gateway::buffer;
using tests::fuzz::require;

constexpr std::size_t kPageBytes = SqliteConnection::kPageBytes;
constexpr std::uint32_t kPagesMax = 64;
constexpr std::uint64_t kRowBytesMax = 1U << 16;

std::string some_path() {
    const auto name = "fuzz-damaged-file-" + std::to_string(getpid());
    return (std::filesystem::temp_directory_path() / name).string();
}

void write(const std::string& path, std::span<const std::uint8_t> bytes) {
    std::ofstream file(path, std::ios::binary | std::ios::trunc);
    file.write(
        reinterpret_cast<const char*>(bytes.data()), static_cast<std::streamsize>(bytes.size())
    );
}

std::size_t size_of(const ColumnValue& value) {
    if (const auto* text = std::get_if<std::string_view>(&value)) return text->size();
    if (const auto* blob = std::get_if<Blob>(&value)) return blob->size();
    return 0;
}

// All of a row lies within its bytes, and a page has no more rows than bytes.
void check_page(PageRows& rows, std::uint32_t page) {
    if (!rows.start(page)) return;
    std::size_t count = 0;
    while (const PageRow* row = rows.next()) {
        require(++count <= kPageBytes);
        std::size_t bytes = 0;
        for (const ColumnValue& value : row->columns) bytes += size_of(value);
        require(bytes <= kRowBytesMax);
    }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
    static const std::string path = some_path();
    if (size == 0) return 0;
    const auto rest = std::span(bytes, size).subspan(1);
    const std::size_t database = std::min<std::size_t>(bytes[0] * kPageBytes, rest.size());
    write(path, rest.first(database));
    write(path + "-wal", rest.subspan(database));
    const DamagedFile file(path);
    PageRows rows(file, kRowBytesMax);
    const std::uint32_t pages = std::min(file.pages(), kPagesMax);
    for (std::uint32_t page = 1; page <= pages; ++page) check_page(rows, page);
    return 0;
}
