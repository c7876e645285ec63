#include "gateway/runtime/last_good_time.hpp"

#include "gateway/runtime/replace_file.hpp"

#include <boost/crc.hpp>

#include <cstdint>
#include <fstream>
#include <sstream>

namespace gateway::runtime {
namespace {

constexpr std::string_view kName = "passerelle-clock 1 ";
constexpr std::size_t kFileBytesMax = 300;

std::uint32_t checksum(std::string_view text) {
    boost::crc_32_type sum;
    sum.process_bytes(text.data(), text.size());
    return sum.checksum();
}

WallClock::Instant instant(std::int64_t milliseconds) {
    return WallClock::Instant{WallClock::Duration{milliseconds}};
}

}  // namespace

std::optional<LastGoodTime> LastGoodTimeFile::load() const {
    std::ifstream file(path_);
    std::string line(kFileBytesMax, '\0');
    file.read(line.data(), static_cast<std::streamsize>(line.size()));
    line.resize(static_cast<std::size_t>(file.gcount()));
    const std::size_t end = line.rfind(' ');
    if (!line.starts_with(kName) || end == std::string::npos) return std::nullopt;
    std::istringstream words(line.substr(kName.size()));
    LastGoodTime read;
    std::int64_t time = 0;
    std::int64_t began = 0;
    std::string knowledge;
    std::uint32_t sum = 0;
    words >> time >> read.boot_id >> began >> knowledge >> sum;
    if (words.fail() || sum != checksum(std::string_view(line).substr(0, end))) return std::nullopt;
    read.time = instant(time);
    read.began = instant(began);
    read.is_known = knowledge == "known";
    return read;
}

boost::system::error_code LastGoodTimeFile::save(const LastGoodTime& time) const {
    std::string line(kName);
    line.append(std::to_string(time.time.time_since_epoch().count())).append(" ");
    line.append(time.boot_id).append(" ");
    line.append(std::to_string(time.began.time_since_epoch().count()));
    line.append(time.is_known ? " known" : " bound");
    const std::string sum = std::to_string(checksum(line));
    line.append(" ").append(sum).append("\n");
    return replace_file(path_, line);
}

}  // namespace gateway::runtime
