#include "gateway/cli/placed_files.hpp"

#include "gateway/runtime/replace_file.hpp"
#include "gateway/runtime/system_group.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <filesystem>
#include <utility>

namespace gateway::cli {
namespace {

constexpr const char* kServiceGroup = "passerelle";
constexpr mode_t kPublic = 0644;
constexpr mode_t kGroup = 0640;
constexpr mode_t kOwner = 0600;
constexpr mode_t kDirectory = 0750;
constexpr int kBackupsMax = 99;

boost::system::error_code last_error() {
    return {errno, boost::system::system_category()};
}

std::string directory_of(const std::string& path) {
    const auto directory = std::filesystem::path(path).parent_path().string();
    return directory.empty() ? "." : directory;
}

class NewFile {
  public:
    explicit NewFile(std::string path) : path_(std::move(path)) {
        ::unlink(path_.c_str());  // of an attempt that was cut off
        number_ =
            ::open(path_.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, kOwner);
    }
    ~NewFile() {
        if (number_ < 0) return;
        ::close(number_);
        ::unlink(path_.c_str());  // does nothing where it has another name by now
    }
    NewFile(const NewFile&) = delete;
    NewFile& operator=(const NewFile&) = delete;

    bool fill(std::string_view content, std::optional<gid_t> group, mode_t mode) const {
        if (number_ < 0) return false;
        if (group && ::fchown(number_, static_cast<uid_t>(-1), *group) != 0) return false;
        if (::fchmod(number_, mode) != 0) return false;
        errno = ENOSPC;  // a write that is cut short leaves it as it is
        const auto size = static_cast<ssize_t>(content.size());
        return ::write(number_, content.data(), content.size()) == size && ::fsync(number_) == 0;
    }
    const char* path() const { return path_.c_str(); }

  private:
    std::string path_;
    int number_ = -1;
};

// Another name for a file that is there; the one that was free.
model::Result<std::string> keep_aside(const std::string& path) {
    for (int number = 1; number <= kBackupsMax; ++number) {
        std::string aside = path + ".bak";
        if (number > 1) aside.append("-").append(std::to_string(number));
        if (::link(path.c_str(), aside.c_str()) == 0) return aside;
        if (errno != EEXIST) return last_error();
    }
    return last_error();
}

}  // namespace

PlacedFiles::~PlacedFiles() {
    if (is_kept_) return;
    if (!kept_as_.empty()) std::rename(kept_as_.c_str(), replaced_.c_str());
    std::error_code ignored;
    for (auto path = made_.rbegin(); path != made_.rend(); ++path)
        std::filesystem::remove(*path, ignored);
}

model::Result<void> PlacedFiles::make_directory(const std::string& directory) {
    std::error_code failure;
    if (std::filesystem::is_directory(directory, failure)) return {};
    const std::string above = directory_of(directory);
    if (above != directory) {
        if (auto made = make_directory(above); !made) return made;
    }
    if (::mkdir(directory.c_str(), kDirectory) != 0) return last_error();
    made_.push_back(directory);
    if (group_ && ::chown(directory.c_str(), static_cast<uid_t>(-1), *group_) != 0)
        return last_error();
    if (::chmod(directory.c_str(), kDirectory) != 0) return last_error();  // whatever the umask
    if (const auto unsynced = runtime::sync_directory(above)) return unsynced;
    return {};
}

model::Result<void> PlacedFiles::add(
    const std::string& path, std::string_view content, Reader reader
) {
    const mode_t mode = reader == Reader::everybody ? kPublic : group_ ? kGroup : kOwner;
    const NewFile fresh(path + ".new");
    if (!fresh.fill(content, group_, mode)) return last_error();
    if (::link(fresh.path(), path.c_str()) != 0) return last_error();
    made_.push_back(path);
    if (const auto unsynced = runtime::sync_directory(directory_of(path))) return unsynced;
    return {};
}

model::Result<std::string> PlacedFiles::replace(const std::string& path, std::string_view content) {
    std::error_code failure;
    const bool is_there = std::filesystem::exists(path, failure);
    const std::string target = is_there ? std::filesystem::canonical(path, failure).string() : path;
    if (failure && is_there) return boost::system::error_code(failure);
    const NewFile fresh(target + ".new");
    if (!fresh.fill(content, group_, kGroup)) return last_error();
    if (is_there) {
        auto aside = keep_aside(target);
        if (!aside) return aside.error();
        made_.push_back(*aside);
        kept_as_ = std::move(*aside);
        replaced_ = target;
    }
    if (std::rename(fresh.path(), target.c_str()) != 0) return last_error();
    if (!is_there) made_.push_back(target);
    if (const auto unsynced = runtime::sync_directory(directory_of(target))) return unsynced;
    return kept_as_;
}

std::optional<gid_t> group_of_service(const std::string& directory) {
    if (::geteuid() != 0) return std::nullopt;
    if (const auto group = runtime::find_group(kServiceGroup)) return group;
    struct stat owner {};
    if (::stat(directory.c_str(), &owner) != 0 || owner.st_gid == 0) return std::nullopt;
    return owner.st_gid;
}

}  // namespace gateway::cli
