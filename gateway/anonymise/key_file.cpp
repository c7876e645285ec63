#include "gateway/anonymise/key_file.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdio>
#include <filesystem>
#include <span>

namespace gateway::anonymise {
namespace {

using boost::system::error_code;

constexpr mode_t kOwnerOnly = 0600;
constexpr mode_t kOthers = 077;

error_code system_error(int number) {
    return {number, boost::system::system_category()};
}

error_code last_error() {
    return system_error(errno);
}

error_code error_of(boost::system::errc::errc_t code) {
    return boost::system::errc::make_error_code(code);
}

class File {
  public:
    File(const std::string& path, int flags)
        : descriptor_(::open(path.c_str(), flags | O_CLOEXEC | O_NOFOLLOW, kOwnerOnly)) {}
    ~File() {
        if (descriptor_ >= 0) ::close(descriptor_);
    }
    File(const File&) = delete;
    File& operator=(const File&) = delete;

    bool is_open() const { return descriptor_ >= 0; }

    // Exactly these bytes, and nothing behind them.
    error_code read(std::span<unsigned char> bytes) const {
        struct stat status {};
        if (::fstat(descriptor_, &status) != 0) return last_error();
        if ((status.st_mode & kOthers) != 0)
            return error_of(boost::system::errc::operation_not_permitted);
        const auto size = static_cast<ssize_t>(bytes.size());
        const auto length = ::read(descriptor_, bytes.data(), bytes.size());
        if (length < 0) return last_error();
        if (length != size || status.st_size != size)
            return error_of(boost::system::errc::bad_message);
        return {};
    }

    error_code write(std::span<const unsigned char> bytes) const {
        const auto length = ::write(descriptor_, bytes.data(), bytes.size());
        if (length < 0) return last_error();
        if (length != static_cast<ssize_t>(bytes.size()))
            return error_of(boost::system::errc::io_error);
        return sync();
    }

    error_code sync() const { return ::fsync(descriptor_) == 0 ? error_code{} : last_error(); }

  private:
    int descriptor_;
};

error_code sync_directory_of(const std::string& path) {
    const File opened(std::filesystem::path(path).parent_path().string(), O_RDONLY | O_DIRECTORY);
    return opened.is_open() ? opened.sync() : last_error();
}

// What a power cut may leave of a key that was being written.
std::string fresh_path(const std::string& path) {
    return path + ".new";
}

error_code replace(const std::string& path, std::span<const unsigned char> bytes) {
    const std::string fresh = fresh_path(path);
    {
        const File file(fresh, O_WRONLY | O_CREAT | O_TRUNC);
        if (!file.is_open()) return last_error();
        if (const auto failure = file.write(bytes)) {
            ::unlink(fresh.c_str());
            return failure;
        }
    }
    if (std::rename(fresh.c_str(), path.c_str()) != 0) return last_error();
    return sync_directory_of(path);
}

error_code erase(const std::string& path, std::size_t size) {
    constexpr std::array<unsigned char, KeyWrap::kWrappedBytes> kZeros{};
    {
        const File file(path, O_WRONLY);
        if (!file.is_open()) return errno == ENOENT ? error_code{} : last_error();
        if (const auto failure = file.write(std::span(kZeros).first(size))) return failure;
    }
    if (::unlink(path.c_str()) != 0) return last_error();
    return sync_directory_of(path);
}

bool is_zero(std::span<const unsigned char> bytes) {
    return std::all_of(bytes.begin(), bytes.end(), [](unsigned char byte) { return byte == 0; });
}

// Nothing when there is no file.
model::Result<std::optional<Key>> read_plain(const std::string& path) {
    std::optional<Key> key;
    const File file(path, O_RDONLY);
    if (!file.is_open()) {
        if (errno != ENOENT) return last_error();
        return key;
    }
    if (const auto failure = file.read(key.emplace().bytes())) return failure;
    // The power went before a key that was overwritten had lost its name.
    if (is_zero(key->bytes())) return error_of(boost::system::errc::bad_message);
    return key;
}

bool exists(const std::string& path) {
    return ::access(path.c_str(), F_OK) == 0;
}

std::string wrapped_path(const std::string& path) {
    return path + ".wrapped";
}

}  // namespace

std::string KeyFile::name() const {
    return std::filesystem::path(path_).filename().string();
}

model::Result<std::optional<Key>> KeyFile::find() const {
    const std::string wrapped_file = wrapped_path(path_);
    if (wrap_ == nullptr) {
        auto key = read_plain(path_);
        if (key && !*key && exists(wrapped_file)) return system_error(ENOKEY);
        return key;
    }
    KeyWrap::Wrapped wrapped{};
    const File file(wrapped_file, O_RDONLY);
    if (file.is_open()) {
        if (const auto failure = file.read(wrapped)) return failure;
        if (is_zero(wrapped)) return error_of(boost::system::errc::bad_message);
        auto key = wrap_->unwrap(name(), wrapped);
        if (!key) return system_error(EKEYREJECTED);
        // A power cut may have come before write() had destroyed it.
        if (const auto failure = erase(path_, Key::kBytes)) return failure;
        return key;
    }
    if (errno != ENOENT) return last_error();
    auto key = read_plain(path_);
    if (!key || !*key) return key;
    if (const auto written = write(**key); !written) return written.error();
    return key;
}

model::Result<void> KeyFile::write(const Key& key) const {
    if (wrap_ == nullptr) {
        if (const auto failure = replace(path_, key.bytes())) return failure;
        return {};
    }
    if (const auto failure = replace(wrapped_path(path_), wrap_->wrap(name(), key))) return failure;
    if (const auto failure = erase(path_, Key::kBytes)) return failure;
    return {};
}

model::Result<void> KeyFile::destroy() const {
    for (const std::string& path : {path_, fresh_path(path_)}) {
        if (const auto failure = erase(path, Key::kBytes)) return failure;
    }
    const std::string wrapped = wrapped_path(path_);
    for (const std::string& path : {wrapped, fresh_path(wrapped)}) {
        if (const auto failure = erase(path, KeyWrap::kWrappedBytes)) return failure;
    }
    return {};
}

}  // namespace gateway::anonymise
