#include "gateway/buffer/store_file.hpp"

#include "gateway/buffer/error.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <filesystem>

namespace gateway::buffer {
namespace {

namespace filesystem = std::filesystem;

constexpr mode_t kOwnerOnlyFile = 0600;
constexpr mode_t kOwnerOnlyDirectory = 0700;

boost::system::error_code last_error() {
    if (errno == ENOSPC || errno == EDQUOT) return Errc::full;
    return {errno, boost::system::system_category()};
}

class Descriptor {
  public:
    Descriptor(const std::string& path, int flags, mode_t mode = 0)
        : number_(::open(path.c_str(), flags | O_CLOEXEC, mode)) {}
    ~Descriptor() {
        if (number_ >= 0) ::close(number_);
    }
    Descriptor(const Descriptor&) = delete;
    Descriptor& operator=(const Descriptor&) = delete;

    bool write(std::string_view content) const {
        const auto size = static_cast<ssize_t>(content.size());
        return number_ >= 0 && ::write(number_, content.data(), content.size()) == size;
    }
    bool sync() const { return number_ >= 0 && ::fsync(number_) == 0; }

  private:
    int number_;
};

std::string directory_of(const std::string& path) {
    const auto parent = filesystem::path(path).parent_path();
    return parent.empty() ? "." : parent.string();
}

model::Result<void> sync_directory(const std::string& directory) {
    const Descriptor descriptor(directory, O_RDONLY | O_DIRECTORY);
    if (!descriptor.sync()) return last_error();
    return {};
}

model::Result<void> make_directory(const std::string& directory) {
    std::error_code failure;
    if (filesystem::is_directory(directory, failure)) return {};
    if (auto made = make_directory(directory_of(directory)); !made) return made;
    if (::mkdir(directory.c_str(), kOwnerOnlyDirectory) != 0 && errno != EEXIST)
        return last_error();
    return sync_directory(directory_of(directory));
}

}  // namespace

model::Result<void> prepare_store_file(const std::string& path) {
    const std::string directory = directory_of(path);
    if (auto made = make_directory(directory); !made) return made;
    {
        const Descriptor file(path, O_RDWR | O_CREAT | O_NOFOLLOW, kOwnerOnlyFile);
        if (!file.sync()) return last_error();
    }
    return sync_directory(directory);
}

model::Result<void> replace_file(const std::string& path, std::string_view content) {
    const std::string fresh = path + ".new";
    {
        const int flags = O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW;
        const Descriptor file(fresh, flags, kOwnerOnlyFile);
        if (!file.write(content) || !file.sync()) return last_error();
    }
    if (std::rename(fresh.c_str(), path.c_str()) != 0) return last_error();
    return sync_directory(directory_of(path));
}

model::Result<std::string> move_damaged_aside(const std::string& path, model::Instant now) {
    std::string time = model::to_rfc3339(now);
    std::erase_if(time, [](char c) { return c == ':' || c == '-' || c == '.'; });
    const std::string aside = path + ".damaged-" + time;
    const std::string log = "-wal";
    // The log first: a new store must never find the log of another.
    if (std::rename((path + log).c_str(), (aside + log).c_str()) != 0 && errno != ENOENT)
        return last_error();
    if (std::rename(path.c_str(), aside.c_str()) != 0) return last_error();
    if (auto synced = sync_directory(directory_of(path)); !synced) return synced.error();
    return aside;
}

}  // namespace gateway::buffer
