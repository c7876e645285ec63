#include "gateway/buffer/log_scan.hpp"

#include "gateway/buffer/sqlite_connection.hpp"

#include <array>
#include <bit>
#include <cstring>
#include <utility>

namespace gateway::buffer {
namespace {

constexpr std::uint32_t kMagic = 0x377f0682;  // the lowest bit: sums are over big-endian words
constexpr std::size_t kHeaderBytes = 32;
constexpr std::size_t kFrameHeaderBytes = 24;
constexpr std::size_t kSummedOfHeader = 24;
constexpr std::size_t kSummedOfFrameHeader = 8;
constexpr std::uint64_t kCommitsOfPowerCut = 1;
constexpr int kScansMax = 8;  // of a log that is found damaged in another place each time

using Bytes = std::span<const std::byte>;
using Salts = std::array<std::byte, 8>;

std::uint32_t big_endian(Bytes bytes, std::size_t at) {
    std::uint32_t value = 0;
    for (std::size_t i = 0; i < 4; ++i)
        value = value << 8 | std::to_integer<std::uint32_t>(bytes[at + i]);
    return value;
}

struct Sums {
    std::uint32_t first = 0;
    std::uint32_t second = 0;

    bool operator==(const Sums&) const = default;
};

Sums sums_at(Bytes bytes, std::size_t at) {
    return {big_endian(bytes, at), big_endian(bytes, at + 4)};
}

std::uint32_t word_at(Bytes bytes, std::size_t at, bool swapped) {
    std::uint32_t word = 0;
    std::memcpy(&word, &bytes[at], sizeof word);
    return swapped ? __builtin_bswap32(word) : word;
}

Sums sum(Bytes bytes, Sums sums, bool swapped) {
    for (std::size_t at = 0; at < bytes.size(); at += 8) {
        sums.first += word_at(bytes, at, swapped) + sums.second;
        sums.second += word_at(bytes, at + 4, swapped) + sums.first;
    }
    return sums;
}

class Scanner {
  public:
    explicit Scanner(const FileReader& log) : log_(log) {}

    LogScan run() {
        if (!read_header()) return {};
        if (!header_good_) find_salts();
        for (std::uint64_t offset = kHeaderBytes; log_.read(offset, frame_);
             offset += frame_.size())
            take(offset);
        if (!header_good_) scan_.damaged = committed_.frames > 0;
        // What lies behind a power cut was never acknowledged, nor is it whole.
        const Committed end = scan_.damaged ? committed_ : committed_before_break_;
        scan_.frames.resize(end.frames);
        scan_.pages = end.pages;
        return std::move(scan_);
    }

  private:
    struct Committed {
        std::size_t frames = 0;
        std::uint32_t pages = 0;
    };

    bool read_header() {
        std::array<std::byte, kHeaderBytes> header{};
        if (!log_.read(0, header)) return false;
        const std::uint32_t magic = big_endian(header, 0);
        const bool known = (magic & ~1U) == kMagic;
        // What a bit has changed in was written by this machine in its own order.
        const bool big = known ? (magic & 1) != 0 : std::endian::native == std::endian::big;
        swapped_ = big != (std::endian::native == std::endian::big);
        before_ = sums_at(header, kSummedOfHeader);
        header_good_ = known && sum(Bytes(header).first(kSummedOfHeader), {}, swapped_) == before_;
        if (header_good_) std::memcpy(salts_.data(), &header[16], salts_.size());
        return true;
    }

    // Those of the log that is in use, whose header is not to be trusted. Its frames come first;
    // behind them may lie more of an earlier log. The first one is in the header's sector, and the
    // salts are in no sum: they are right when a frame goes on from one that has the same.
    void find_salts() {
        const Sums of_header = before_;
        Salts previous{};
        bool found = false;
        std::uint64_t offset = kHeaderBytes;
        for (; !found && log_.read(offset, frame_); offset += frame_.size()) {
            const Salts own = salts();
            found = goes_on() && (offset == kHeaderBytes || own == previous);
            if (found || offset == kHeaderBytes) salts_ = own;
            previous = own;
        }
        before_ = of_header;
    }

    Salts salts() const {
        Salts found{};
        std::memcpy(found.data(), &frame_[8], found.size());
        return found;
    }

    // Whether the frame is as it was written, behind the one that was read before it.
    bool goes_on() {
        const Bytes header = Bytes(frame_).first(kFrameHeaderBytes);
        Sums made = sum(header.first(kSummedOfFrameHeader), before_, swapped_);
        made = sum(Bytes(frame_).subspan(kFrameHeaderBytes), made, swapped_);
        before_ = sums_at(header, 16);
        return made == before_;
    }

    void take(std::uint64_t offset) {
        const Bytes header = Bytes(frame_).first(kFrameHeaderBytes);
        if (!goes_on() || salts() != salts_) {
            if (!broken_) scan_.broken_at = offset;
            broken_ = true;
            return;
        }
        scan_.frames.push_back({big_endian(header, 0), offset + kFrameHeaderBytes});
        const std::uint32_t pages = big_endian(header, 4);
        if (pages == 0) return;
        committed_ = {scan_.frames.size(), pages};
        if (!broken_) committed_before_break_ = committed_;
        if (broken_ && ++commits_behind_ > kCommitsOfPowerCut) scan_.damaged = true;
    }

    const FileReader& log_;
    std::array<std::byte, SqliteConnection::kFrameBytes> frame_{};
    Salts salts_{};
    Sums before_;
    bool swapped_ = false;
    bool header_good_ = false;
    bool broken_ = false;
    std::uint64_t commits_behind_ = 0;
    Committed committed_;
    Committed committed_before_break_;
    LogScan scan_;
};

}  // namespace

LogScan scan_log(const FileReader& log) {
    LogScan scan = Scanner(log).run();
    for (int scans = 1; scan.damaged && scans < kScansMax; ++scans) {
        LogScan again = Scanner(log).run();
        const bool is_same = again.damaged && again.broken_at == scan.broken_at;
        scan = std::move(again);
        if (is_same) break;
    }
    return scan;
}

}  // namespace gateway::buffer
