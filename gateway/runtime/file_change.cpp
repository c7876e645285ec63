#include "gateway/runtime/file_change.hpp"

#include <sys/stat.h>

#include <utility>

namespace gateway::runtime {

FileChange::FileChange(std::string file) : file_(std::move(file)), last_(look()) {}

bool FileChange::happened() {
    return std::exchange(last_, look()) != last_;
}

// All zero where there is none.
FileChange::Look FileChange::look() const {
    struct stat status {};
    if (file_.empty() || ::stat(file_.c_str(), &status) != 0) return {};
    return {status.st_mtim.tv_sec, status.st_mtim.tv_nsec, status.st_ino, status.st_size};
}

}  // namespace gateway::runtime
