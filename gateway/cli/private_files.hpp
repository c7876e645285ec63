#pragma once
#include "gateway/model/result.hpp"
#include "gateway/subject/digest.hpp"

#include <string>
#include <string_view>

namespace gateway::cli {

// A new file that its owner alone can read (mode 0600), written piece by piece, and the SHA-256 of
// what was written. A file that is there already is an error, and stays.
class PrivateFile {
  public:
    static model::Result<void> make_directory(const std::string& directory);  // mode 0700

    PrivateFile() = default;
    ~PrivateFile();
    PrivateFile(const PrivateFile&) = delete;
    PrivateFile& operator=(const PrivateFile&) = delete;

    model::Result<void> create(const std::string& path);
    model::Result<void> write(std::string_view content);
    // On the disk when this answers: the SHA-256.
    model::Result<std::string> finish();

  private:
    int number_ = -1;
    subject::Digest digest_;
};

// A whole small file of the kind; answers its SHA-256.
model::Result<std::string> write_private_file(const std::string& path, std::string_view content);

}  // namespace gateway::cli
