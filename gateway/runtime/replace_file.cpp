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
    bool belong_as(const struct stat& other) const {
        constexpr mode_t kPermissions = 07777;
        return ::fchown(number_, other.st_uid, other.st_gid) == 0 &&
               ::fchmod(number_, other.st_mode & kPermissions) == 0;
    }
    bool sync() const { return number_ >= 0 && ::fsync(number_) == 0; }

  private:
    int number_;
};

// Gives the file its name; it is whole and on the disk.
boost::system::error_code put_in_place(const std::string& fresh, const std::string& path) {
    if (std::rename(fresh.c_str(), path.c_str()) != 0) return last_error();
    const auto directory = std::filesystem::path(path).parent_path();
    const Descriptor opened(directory.string(), O_RDONLY | O_DIRECTORY);
    if (!opened.sync()) return last_error();
    return {};
}

}  // namespace

boost::system::error_code replace_file(const std::string& path, std::string_view content) {
    const auto directory = std::filesystem::path(path).parent_path();
    std::error_code failure;
    std::filesystem::create_directories(directory, failure);
    const std::string fresh = path + ".new";
    {
        const Descriptor file(fresh, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW);
        if (!file.write(content) || !file.sync()) return last_error();
    }
    return put_in_place(fresh, path);
}

boost::system::error_code rewrite_file(const std::string& path, std::string_view content) {
    std::error_code failure;
    const std::string target = std::filesystem::canonical(path, failure).string();
    struct stat before {};
    if (failure || ::stat(target.c_str(), &before) != 0) return last_error();
    const std::string fresh = target + ".new";
    {
        const Descriptor file(fresh, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW);
        if (!file.write(content) || !file.belong_as(before) || !file.sync()) return last_error();
    }
    return put_in_place(fresh, target);
}

}  // namespace gateway::runtime
