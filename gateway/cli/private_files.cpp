#include "gateway/cli/private_files.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>

namespace gateway::cli {
namespace {

constexpr mode_t kOwnerOnlyFile = 0600;
constexpr mode_t kOwnerOnlyDirectory = 0700;

boost::system::error_code last_error() {
    return {errno, boost::system::system_category()};
}

}  // namespace

model::Result<void> PrivateFile::make_directory(const std::string& directory) {
    if (::mkdir(directory.c_str(), kOwnerOnlyDirectory) != 0 && errno != EEXIST)
        return last_error();
    return {};
}

PrivateFile::~PrivateFile() {
    if (number_ >= 0) ::close(number_);
}

model::Result<void> PrivateFile::create(const std::string& path) {
    number_ =
        ::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, kOwnerOnlyFile);
    if (number_ < 0) return last_error();
    return {};
}

model::Result<void> PrivateFile::write(std::string_view content) {
    digest_.add(content);
    while (!content.empty()) {
        const ssize_t written = ::write(number_, content.data(), content.size());
        if (written < 0 && errno == EINTR) continue;
        if (written < 0) return last_error();
        content.remove_prefix(static_cast<std::size_t>(written));
    }
    return {};
}

model::Result<std::string> PrivateFile::finish() {
    if (::fsync(number_) != 0) return last_error();
    return digest_.hex();
}

model::Result<std::string> write_private_file(const std::string& path, std::string_view content) {
    PrivateFile file;
    if (auto created = file.create(path); !created) return created.error();
    if (auto written = file.write(content); !written) return written.error();
    return file.finish();
}

}  // namespace gateway::cli
