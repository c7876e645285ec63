#include "gateway/runtime/replace_file.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <filesystem>

namespace gateway::runtime {
namespace {

constexpr mode_t kOwnerOnly = 0600;

boost::system::error_code last_error() {
    return {errno, boost::system::system_category()};
}

class Descriptor {
  public:
    Descriptor(const std::string& path, int flags)
        : number_(::open(path.c_str(), flags | O_CLOEXEC, kOwnerOnly)) {}
    ~Descriptor() {
        if (number_ >= 0) ::close(number_);
    }
    Descriptor(const Descriptor&) = delete;
    Descriptor& operator=(const Descriptor&) = delete;

    bool write(std::string_view content) const {
        const auto size = static_cast<ssize_t>(content.size());
        if (number_ < 0) return false;
        errno = ENOSPC;  // a write that is cut short leaves it as it is
        return ::write(number_, content.data(), content.size()) == size;
    }
    // Only root can give a file away; what it makes in somebody's directory is for that one.
    bool give_to(const struct stat& owner, mode_t mode) const {
        if (number_ < 0) return false;
        const bool is_ours = ::geteuid() != 0;
        if (!is_ours && ::fchown(number_, owner.st_uid, owner.st_gid) != 0) return false;
        return ::fchmod(number_, mode) == 0;
    }
    bool sync() const { return number_ >= 0 && ::fsync(number_) == 0; }

  private:
    int number_;
};

std::string directory_of(const std::string& path) {
    const auto directory = std::filesystem::path(path).parent_path().string();
    return directory.empty() ? "." : directory;
}

// Puts the written file in the place of the old one.
boost::system::error_code put(const std::string& fresh, const std::string& path) {
    if (std::rename(fresh.c_str(), path.c_str()) != 0) return last_error();
    return sync_directory(directory_of(path));
}

}  // namespace

boost::system::error_code replace_file(const std::string& path, std::string_view content) {
    const std::string directory = directory_of(path);
    std::error_code ignored;
    if (std::filesystem::create_directories(directory, ignored)) {
        if (const auto failure = sync_directory(directory_of(directory))) return failure;
    }
    const std::string fresh = path + ".new";
    {
        const Descriptor file(fresh, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW);
        if (!file.write(content) || !file.sync()) return last_error();
    }
    return put(fresh, path);
}

boost::system::error_code replace_file_for_its_owner(
    const std::string& path, std::string_view content, unsigned mode
) {
    struct stat owner {};
    const bool is_there = ::stat(path.c_str(), &owner) == 0;
    if (is_there) mode = owner.st_mode & ALLPERMS;
    if (!is_there && ::stat(directory_of(path).c_str(), &owner) != 0) return last_error();
    const std::string fresh = path + ".new";
    {
        const Descriptor file(fresh, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW);
        if (!file.give_to(owner, mode) || !file.write(content) || !file.sync()) return last_error();
    }
    return put(fresh, path);
}

boost::system::error_code sync_directory(const std::string& directory) {
    const Descriptor opened(directory, O_RDONLY | O_DIRECTORY);
    if (!opened.sync()) return last_error();
    return {};
}

boost::system::error_code rewrite_file(const std::string& path, std::string_view content) {
    std::error_code failure;
    const std::string target = std::filesystem::canonical(path, failure).string();
    if (failure) return boost::system::error_code(failure);
    return replace_file_for_its_owner(target, content);
}

}  // namespace gateway::runtime
