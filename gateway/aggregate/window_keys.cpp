#include "gateway/aggregate/window_keys.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdio>
#include <filesystem>
#include <span>
#include <utility>

namespace gateway::aggregate {
namespace {

using anonymise::Key;

constexpr mode_t kOwnerOnlyFile = 0600;
constexpr mode_t kOwnerOnlyDirectory = 0700;

boost::system::error_code last_error() {
    return {errno, boost::system::system_category()};
}

class KeyFile {
  public:
    KeyFile(const std::string& path, int flags)
        : descriptor_(::open(path.c_str(), flags | O_CLOEXEC | O_NOFOLLOW, kOwnerOnlyFile)) {}
    ~KeyFile() {
        if (descriptor_ >= 0) ::close(descriptor_);
    }
    KeyFile(const KeyFile&) = delete;
    KeyFile& operator=(const KeyFile&) = delete;

    bool is_open() const { return descriptor_ >= 0; }

    // Exactly a key, and nothing behind it.
    bool read(Key& key) const {
        char more = 0;
        return ::read(descriptor_, key.bytes().data(), Key::kBytes) == ssize_t{Key::kBytes} &&
               ::read(descriptor_, &more, 1) == 0;
    }

    bool write(std::span<const unsigned char, Key::kBytes> bytes) const {
        return ::write(descriptor_, bytes.data(), bytes.size()) == ssize_t{Key::kBytes} &&
               ::fsync(descriptor_) == 0;
    }

    bool sync() const { return ::fsync(descriptor_) == 0; }

  private:
    int descriptor_;
};

bool sync_directory(const std::string& directory) {
    const KeyFile opened(directory, O_RDONLY | O_DIRECTORY);
    return opened.is_open() && opened.sync();
}

}  // namespace

WindowKeyDirectory::WindowKeyDirectory(std::string directory, EntropySource& entropy)
    : directory_(std::move(directory)), entropy_(entropy) {}

std::string WindowKeyDirectory::path_of(std::string_view name) const {
    return directory_ + "/" + std::string(name) + ".window";
}

model::Result<std::optional<Key>> WindowKeyDirectory::find(std::string_view name) {
    const KeyFile file(path_of(name), O_RDONLY);
    if (!file.is_open() && errno != ENOENT) return last_error();
    std::optional<Key> key;
    if (file.is_open() && !file.read(key.emplace())) key.reset();
    return key;
}

// Writes the key beside its place and renames it, so that a power cut leaves a whole key or none.
model::Result<Key> WindowKeyDirectory::make(std::string_view name) {
    if (::mkdir(directory_.c_str(), kOwnerOnlyDirectory) != 0 && errno != EEXIST)
        return last_error();
    Key key;
    if (auto drawn = entropy_.fill(std::as_writable_bytes(key.bytes())); !drawn)
        return drawn.error();
    const std::string path = path_of(name);
    const std::string fresh = path + ".new";
    {
        const KeyFile file(fresh, O_WRONLY | O_CREAT | O_TRUNC);
        if (!file.is_open() || !file.write(key.bytes())) return last_error();
    }
    if (std::rename(fresh.c_str(), path.c_str()) != 0) return last_error();
    if (!sync_directory(directory_)) return last_error();
    return key;
}

model::Result<void> WindowKeyDirectory::destroy(std::string_view name) {
    constexpr std::array<unsigned char, Key::kBytes> kZeros{};
    const std::string path = path_of(name);
    {
        const KeyFile file(path, O_WRONLY);
        if (!file.is_open()) {
            if (errno != ENOENT) return last_error();
            return {};
        }
        if (!file.write(kZeros)) return last_error();
    }
    if (::unlink(path.c_str()) != 0 || !sync_directory(directory_)) return last_error();
    return {};
}

}  // namespace gateway::aggregate
