#pragma once
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace gateway::cli {

// A tar archive in memory (ustar, POSIX.1-1988): files that belong to root alone, with one date.
//   512 bytes of header: name 0..99, mode 100, owner 108, group 116, size 124, time 136 (octal),
//   checksum 148, type 156, "ustar\0" "00" 257; then the content, filled up to 512 bytes. Two
//   blocks of zeros end it.
class TarArchive {
  public:
    explicit TarArchive(std::int64_t seconds_since_1970) : time_(seconds_since_1970) {}

    // `name` has at most kNameBytesMax, and is of the archive's maker: it is taken as it is.
    static constexpr std::size_t kNameBytesMax = 99;
    void add(std::string_view name, std::string_view content);

    // The whole; nothing may be added after it.
    std::string take();

  private:
    std::int64_t time_;
    std::string bytes_;
};

}  // namespace gateway::cli
