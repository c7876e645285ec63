#include "gateway/aggregate/generation.hpp"

#include "gateway/aggregate/error.hpp"
#include "gateway/buffer/store_file.hpp"

#include <zlib.h>

#include <optional>
#include <sstream>
#include <string_view>

namespace gateway::aggregate {
namespace {

constexpr std::string_view kName = "passerelle-releases 1 ";
constexpr std::string_view kBegun = "begun";
constexpr std::string_view kDone = "done";
constexpr std::size_t kFileBytesMax = 200;

unsigned long checksum(std::string_view text) {
    return crc32_z(0, reinterpret_cast<const Bytef*>(text.data()), text.size());
}

std::string line_of(std::uint64_t number, std::string_view word) {
    std::string line(kName);
    line.append(std::to_string(number)).append(" ").append(word);
    const std::string sum = std::to_string(checksum(line));
    return line.append(" ").append(sum).append("\n");
}

struct Line {
    std::uint64_t number = 0;
    bool done = true;
};

// Nothing when it cannot be understood.
std::optional<Line> read_line(const std::string& text) {
    if (!text.starts_with(kName)) return std::nullopt;
    std::istringstream words(text.substr(kName.size()));
    Line line;
    std::string word;
    words >> line.number >> word;
    line.done = word == kDone;
    if (words.fail() || text != line_of(line.number, line.done ? kDone : kBegun))
        return std::nullopt;
    return line;
}

}  // namespace

model::Result<void> Generation::compare(std::uint64_t in_database) {
    const auto line = buffer::exists(path_)
                          ? read_line(buffer::read_small_file(path_, kFileBytesMax))
                          : std::optional(Line{});
    if (!line || in_database > line->number) return Errc::generation_lost;
    if (in_database == line->number) {
        if (line->done) return {};
        return finish(in_database);
    }
    const bool is_begun_again = !line->done && in_database + 1 == line->number;
    if (!is_begun_again) return Errc::rolled_back;
    return {};
}

model::Result<void> Generation::begin(std::uint64_t number) {
    return buffer::replace_file(path_, line_of(number, kBegun));
}

model::Result<void> Generation::finish(std::uint64_t number) {
    return buffer::replace_file(path_, line_of(number, kDone));
}

}  // namespace gateway::aggregate
