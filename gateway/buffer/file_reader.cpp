#include "gateway/buffer/file_reader.hpp"

#include <fcntl.h>
#include <unistd.h>

namespace gateway::buffer {

FileReader::FileReader(const std::string& path)
    : number_(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW)) {
    const off_t end = number_ < 0 ? 0 : ::lseek(number_, 0, SEEK_END);
    if (end > 0) size_ = static_cast<std::uint64_t>(end);
}

FileReader::~FileReader() {
    if (number_ >= 0) ::close(number_);
}

bool FileReader::read(std::uint64_t offset, std::span<std::byte> into) const {
    while (!into.empty()) {
        const ssize_t got = ::pread(number_, into.data(), into.size(), static_cast<off_t>(offset));
        if (got <= 0) return false;
        offset += static_cast<std::uint64_t>(got);
        into = into.subspan(static_cast<std::size_t>(got));
    }
    return true;
}

}  // namespace gateway::buffer
