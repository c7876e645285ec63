#include "gateway/buffer/sequence_mark.hpp"

#include "gateway/buffer/store_file.hpp"

#include <zlib.h>

#include <algorithm>
#include <array>
#include <optional>
#include <sstream>

namespace gateway::buffer {
namespace {

constexpr std::string_view kName = "passerelle-sequences 1 ";
constexpr std::array<std::string_view, 3> kStates = {"open", "closed", "suspect"};
constexpr std::size_t kFileBytesMax = 200;
constexpr const char* kLast = ".last";
constexpr std::size_t kSequenceDigits = 15;  // of the largest that a segment's key can hold

unsigned long checksum(std::string_view text) {
    return crc32_z(0, reinterpret_cast<const Bytef*>(text.data()), text.size());
}

struct Line {
    std::uint64_t sequence = 0;
    std::string state;
};

std::optional<Line> read_line(const std::string& path) {
    std::string text = read_small_file(path, kFileBytesMax);
    text.resize(std::min(text.find('\n'), text.size()));
    const std::size_t end = text.rfind(' ');
    if (!text.starts_with(kName) || end == std::string::npos) return std::nullopt;
    std::istringstream words(text.substr(kName.size()));
    Line line;
    unsigned long sum = 0;
    words >> line.sequence >> line.state >> sum;
    if (words.fail() || sum != checksum(std::string_view(text).substr(0, end))) return std::nullopt;
    return line;
}

std::string make_line(const std::string& sequence, std::string_view state) {
    std::string line(kName);
    line.append(sequence).append(" ").append(state);
    const std::string sum = std::to_string(checksum(line));
    return line.append(" ").append(sum).append("\n");
}

// So that the line overwrites the one before: all but its sum has the same length.
std::string padded(std::uint64_t number, std::size_t digits) {
    const std::string text = std::to_string(number);
    return std::string(digits - std::min(digits, text.size()), '0') + text;
}

}  // namespace

void SequenceMark::load() {
    if (const auto last = read_line(path_ + kLast)) noted_ = last->sequence;
    const auto line = read_line(path_);
    if (!line) return;
    reserved_ = line->sequence;
    if (line->state == kStates[1]) state_ = State::closed;
    if (line->state == kStates[2]) state_ = State::suspect;
}

model::Result<void> SequenceMark::save(std::uint64_t reserved, State state) {
    const auto word = kStates.at(static_cast<std::size_t>(state));
    auto saved = replace_file(path_, make_line(std::to_string(reserved), word));
    if (!saved) return saved;
    reserved_ = reserved;
    state_ = state;
    return {};
}

void SequenceMark::note(std::uint64_t last) {
    noted_ = last;
    overwrite_file(path_ + kLast, make_line(padded(last, kSequenceDigits), kStates[0]));
}

model::Result<void> SequenceMark::reserve(std::uint64_t last) {
    if (!closed() && last <= reserved_) return {};
    return save(last + kReservation, State::open);
}

model::Result<void> SequenceMark::close(std::uint64_t last) {
    return save(last, State::closed);
}

model::Result<void> SequenceMark::suspect(bool damaged) {
    return save(reserved_, damaged ? State::suspect : State::open);
}

}  // namespace gateway::buffer
