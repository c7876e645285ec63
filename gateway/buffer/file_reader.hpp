#pragma once
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>

namespace gateway::buffer {

// A file that is only looked at. One that is not there is an empty one.
class FileReader {
  public:
    explicit FileReader(const std::string& path);
    ~FileReader();
    FileReader(const FileReader&) = delete;
    FileReader& operator=(const FileReader&) = delete;

    std::uint64_t size() const { return size_; }

    // False when the file does not have them all, or cannot be read there.
    [[nodiscard]] bool read(std::uint64_t offset, std::span<std::byte> into) const;

  private:
    int number_;
    std::uint64_t size_ = 0;
};

}  // namespace gateway::buffer
