#include "gateway/buffer/sequence_mark.hpp"

#include "gateway/buffer/store_file.hpp"

#include <zlib.h>

#include <fstream>
#include <sstream>

namespace gateway::buffer {
namespace {

constexpr std::string_view kName = "passerelle-sequences 1 ";
constexpr std::size_t kFileBytesMax = 200;

unsigned long checksum(std::string_view text) {
    return crc32_z(0, reinterpret_cast<const Bytef*>(text.data()), text.size());
}

}  // namespace

void SequenceMark::load() {
    std::ifstream file(path_);
    std::string line(kFileBytesMax, '\0');
    file.read(line.data(), static_cast<std::streamsize>(line.size()));
    line.resize(static_cast<std::size_t>(file.gcount()));
    const std::size_t end = line.rfind(' ');
    if (!line.starts_with(kName) || end == std::string::npos) return;
    std::istringstream words(line.substr(kName.size()));
    std::uint64_t reserved = 0;
    std::string state;
    unsigned long sum = 0;
    words >> reserved >> state >> sum;
    if (words.fail() || sum != checksum(std::string_view(line).substr(0, end))) return;
    reserved_ = reserved;
    closed_ = state == "closed";
}

model::Result<void> SequenceMark::save(std::uint64_t reserved, bool closed) {
    std::string line(kName);
    line.append(std::to_string(reserved)).append(closed ? " closed" : " open");
    const std::string sum = std::to_string(checksum(line));
    line.append(" ").append(sum).append("\n");
    if (auto saved = replace_file(path_, line); !saved) return saved;
    reserved_ = reserved;
    closed_ = closed;
    return {};
}

model::Result<void> SequenceMark::reserve(std::uint64_t last) {
    if (!closed_ && last <= reserved_) return {};
    return save(last + kReservation, false);
}

model::Result<void> SequenceMark::close(std::uint64_t last) {
    return save(last, true);
}

}  // namespace gateway::buffer
