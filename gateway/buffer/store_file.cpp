#include "gateway/buffer/store_file.hpp"

#include "gateway/buffer/error.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstdio>
#include <filesystem>
#include <vector>

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
        if (number_ < 0) return false;
        errno = ENOSPC;  // a write that is cut short leaves it as it is
        return ::write(number_, content.data(), content.size()) == size;
    }
    std::string read(std::size_t bytes_max) const {
        std::string content(bytes_max, '\0');
        const ssize_t size = number_ < 0 ? 0 : ::read(number_, content.data(), content.size());
        content.resize(static_cast<std::size_t>(std::max<ssize_t>(size, 0)));
        return content;
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

std::string read_small_file(const std::string& path, std::size_t bytes_max) {
    return Descriptor(path, O_RDONLY | O_NOFOLLOW).read(bytes_max);
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

void overwrite_file(const std::string& path, std::string_view content) {
    [[maybe_unused]] const bool written =
        Descriptor(path, O_WRONLY | O_CREAT | O_NOFOLLOW, kOwnerOnlyFile).write(content);
}

bool exists(const std::string& path) {
    return ::access(path.c_str(), F_OK) == 0;
}

void remove_file(const std::string& path) {
    ::unlink(path.c_str());
}

model::Result<void> rename_file(const std::string& from, const std::string& to) {
    if (std::rename(from.c_str(), to.c_str()) != 0) return last_error();
    return sync_directory(directory_of(to));
}

namespace {

constexpr const char* kLog = "-wal";
constexpr std::string_view kDamaged = ".damaged-";

// In the order of their names, which end with the time. One of which a power cut has left the log
// alone is one, too.
model::Result<std::vector<std::string>> damaged_stores(const std::string& path) {
    const std::string start = filesystem::path(path).filename().string().append(kDamaged);
    const std::string directory = directory_of(path);
    std::vector<std::string> names;
    std::error_code failure;
    filesystem::directory_iterator entry(directory, failure);
    for (; !failure && entry != filesystem::end(entry); entry.increment(failure)) {
        std::string name = entry->path().filename().string();
        if (!name.starts_with(start)) continue;
        if (name.ends_with(kLog)) name.resize(name.size() - std::string_view(kLog).size());
        names.push_back((filesystem::path(directory) / name).string());
    }
    if (failure) return boost::system::error_code(failure);
    std::sort(names.begin(), names.end());
    names.erase(std::unique(names.begin(), names.end()), names.end());
    return names;
}

model::Result<void> remove_store(const std::string& path) {
    for (const std::string& file : {path + kLog, path}) {
        if (::unlink(file.c_str()) != 0 && errno != ENOENT) return last_error();
    }
    return {};
}

bool is_older(const std::string& path, model::Instant than) {
    struct stat file {};
    if (::stat(path.c_str(), &file) != 0 && ::stat((path + kLog).c_str(), &file) != 0) return false;
    return model::Instant{std::chrono::seconds{file.st_mtim.tv_sec}} < than;
}

}  // namespace

model::Result<std::string> move_damaged_aside(const std::string& path, model::Instant now) {
    const auto names = damaged_stores(path);
    // One too many is no reason to do without a store.
    for (std::size_t i = 0; names && i + kDamagedStoresMax <= names->size(); ++i)
        static_cast<void>(remove_store((*names)[i]));
    std::string time = model::to_rfc3339(now);
    std::erase_if(time, [](char c) { return c == ':' || c == '-' || c == '.'; });
    const std::string aside = path + std::string(kDamaged) + time;
    // The log first: a new store must never find the log of another.
    if (std::rename((path + kLog).c_str(), (aside + kLog).c_str()) != 0 && errno != ENOENT)
        return last_error();
    if (std::rename(path.c_str(), aside.c_str()) != 0 && errno != ENOENT) return last_error();
    if (auto synced = sync_directory(directory_of(path)); !synced) return synced.error();
    return aside;
}

void remove_damaged(const std::string& path) {
    remove_damaged(path, model::Instant::max());
}

void remove_damaged(const std::string& path, model::Instant before) {
    const auto names = damaged_stores(path);
    if (!names) return;
    for (const std::string& name : *names) {
        if (is_older(name, before)) static_cast<void>(remove_store(name));
    }
}

model::Result<void> forget_damaged(const std::string& path) {
    const auto names = damaged_stores(path);
    if (!names) return names.error();
    for (const std::string& name : *names) {
        if (auto removed = remove_store(name); !removed) return removed;
    }
    return sync_directory(directory_of(path));
}

}  // namespace gateway::buffer
