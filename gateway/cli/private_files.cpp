#include "gateway/cli/private_files.hpp"

#include "gateway/language/failure.hpp"
#include "gateway/language/translate.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>
#include <ostream>
#include <utility>

namespace gateway::cli {
namespace {

constexpr mode_t kOwnerOnlyFile = 0600;
constexpr mode_t kOwnerOnlyDirectory = 0700;

boost::system::error_code last_error() {
    return {errno, boost::system::system_category()};
}

}  // namespace

model::Result<void> PrivateFile::make_directory(const std::string& directory) {
    std::error_code failure;
    const auto above = std::filesystem::path(directory).parent_path();
    if (!above.empty()) std::filesystem::create_directories(above, failure);
    if (failure) return boost::system::error_code(failure);
    if (::mkdir(directory.c_str(), kOwnerOnlyDirectory) != 0 && errno != EEXIST)
        return last_error();
    return {};
}

PrivateFile::~PrivateFile() {
    if (number_ < 0) return;
    ::close(number_);
    if (!is_kept_) ::unlink(path_.c_str());
}

model::Result<void> PrivateFile::create(std::string path) {
    path_ = std::move(path);
    number_ =
        ::open(path_.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, kOwnerOnlyFile);
    if (number_ < 0) return last_error();
    return {};
}

model::Result<void> PrivateFile::write(std::string_view content) const {
    while (!content.empty()) {
        const ssize_t written = ::write(number_, content.data(), content.size());
        if (written < 0 && errno == EINTR) continue;
        if (written < 0) return last_error();
        content.remove_prefix(static_cast<std::size_t>(written));
    }
    return {};
}

model::Result<void> PrivateFile::sync() const {
    if (::fsync(number_) != 0) return last_error();
    return {};
}

model::Result<void> write_private_file(std::string path, std::string_view content) {
    PrivateFile file;
    if (auto created = file.create(std::move(path)); !created) return created;
    if (auto written = file.write(content); !written) return written;
    if (auto synced = file.sync(); !synced) return synced;
    file.keep();
    return {};
}

void say_unwritable(
    const std::string& directory, const boost::system::error_code& failure, CommandContext& context
) {
    context.err << language::tr(
                       "The files in {0} cannot be written: {1}",
                       {directory, language::failure_words(failure)}
                   )
                << '\n';
}

}  // namespace gateway::cli
