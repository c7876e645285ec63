#pragma once
#include "gateway/cli/command.hpp"
#include "gateway/model/result.hpp"

#include <string>
#include <string_view>

namespace gateway::cli {

// A new file that its owner alone can read (mode 0600), written piece by piece. A file that is
// there already is an error, and stays. What is not kept in the end is removed with the object:
// half of somebody's data helps nobody, and would be in the way of the next attempt.
class PrivateFile {
  public:
    // Of mode 0700, and those above it that are missing.
    static model::Result<void> make_directory(const std::string& directory);

    PrivateFile() = default;
    ~PrivateFile();
    PrivateFile(const PrivateFile&) = delete;
    PrivateFile& operator=(const PrivateFile&) = delete;

    model::Result<void> create(std::string path);
    model::Result<void> write(std::string_view content) const;
    // On the disk when this answers.
    model::Result<void> sync() const;
    void keep() { is_kept_ = true; }

  private:
    std::string path_;
    int number_ = -1;
    bool is_kept_ = false;
};

// A whole small file of the kind.
model::Result<void> write_private_file(std::string path, std::string_view content);

// Says that the files in a directory cannot be written, and why.
void say_unwritable(
    const std::string& directory, const boost::system::error_code& failure, CommandContext& context
);

}  // namespace gateway::cli
