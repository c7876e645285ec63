#pragma once
#include <filesystem>
#include <string>
#include <string_view>

namespace tests::support {

// A new directory that is removed with everything in it.
class TemporaryDirectory {
  public:
    explicit TemporaryDirectory(  // throws std::system_error
        const std::filesystem::path& parent = std::filesystem::temp_directory_path()
    );
    ~TemporaryDirectory();
    TemporaryDirectory(const TemporaryDirectory&) = delete;
    TemporaryDirectory& operator=(const TemporaryDirectory&) = delete;

    const std::filesystem::path& path() const { return path_; }
    std::string file(std::string_view name) const { return (path_ / name).string(); }

    // Writes a file and returns its path.
    std::string write(std::string_view name, std::string_view content) const;

  private:
    std::filesystem::path path_;
};

std::string read_file(const std::filesystem::path& path);  // empty if there is none

}  // namespace tests::support
