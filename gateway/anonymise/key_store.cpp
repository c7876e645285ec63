#include "gateway/anonymise/key_store.hpp"

#include <fcntl.h>
#include <openssl/crypto.h>
#include <openssl/rand.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>

namespace gateway::anonymise {
namespace {

boost::system::error_code last_error() {
    return {errno, boost::system::system_category()};
}

boost::system::error_code error_of(boost::system::errc::errc_t code) {
    return boost::system::errc::make_error_code(code);
}

class File {
  public:
    File(const std::string& path, int flags)
        : descriptor_(::open(path.c_str(), flags | O_CLOEXEC, 0600)) {}
    ~File() {
        if (descriptor_ >= 0) ::close(descriptor_);
    }
    File(const File&) = delete;
    File& operator=(const File&) = delete;

    bool is_open() const { return descriptor_ >= 0; }
    int descriptor() const { return descriptor_; }

  private:
    int descriptor_;
};

model::Result<Key> read_key(const File& file) {
    struct stat status {};
    if (::fstat(file.descriptor(), &status) != 0) return last_error();
    if ((status.st_mode & 077) != 0) return error_of(boost::system::errc::operation_not_permitted);
    Key key;
    const auto length = ::read(file.descriptor(), key.bytes().data(), Key::kBytes);
    if (length < 0) return last_error();
    if (length != static_cast<ssize_t>(Key::kBytes) || status.st_size != length) {
        return error_of(boost::system::errc::bad_message);
    }
    return key;
}

boost::system::error_code sync_directory(const std::string& directory) {
    const File opened(directory, O_RDONLY | O_DIRECTORY);
    if (!opened.is_open() || ::fsync(opened.descriptor()) != 0) return last_error();
    return {};
}

// Writes the key beside its place and renames it, so that a power cut leaves a whole key or none.
model::Result<Key> make_key(const std::string& directory, const std::string& path) {
    Key key;
    if (RAND_priv_bytes(key.bytes().data(), static_cast<int>(Key::kBytes)) != 1) {
        return error_of(boost::system::errc::io_error);
    }
    const std::string fresh = path + ".new";
    {
        const File file(fresh, O_WRONLY | O_CREAT | O_TRUNC);
        if (!file.is_open()) return last_error();
        const auto length = ::write(file.descriptor(), key.bytes().data(), Key::kBytes);
        if (length < 0) return last_error();
        if (length != static_cast<ssize_t>(Key::kBytes))
            return error_of(boost::system::errc::io_error);
        if (::fsync(file.descriptor()) != 0) return last_error();
    }
    if (::rename(fresh.c_str(), path.c_str()) != 0) return last_error();
    if (const auto failure = sync_directory(directory)) return failure;
    return key;
}

}  // namespace

Key::Key(Key&& other) noexcept : bytes_(other.bytes_) {
    OPENSSL_cleanse(other.bytes_.data(), kBytes);
}

Key& Key::operator=(Key&& other) noexcept {
    if (this != &other) {
        bytes_ = other.bytes_;
        OPENSSL_cleanse(other.bytes_.data(), kBytes);
    }
    return *this;
}

Key::~Key() {
    OPENSSL_cleanse(bytes_.data(), kBytes);
}

KeyDirectory::KeyDirectory(std::string directory) : directory_(std::move(directory)) {}

std::string KeyDirectory::path_of(std::string_view name) const {
    return directory_ + "/" + std::string(name) + ".key";
}

model::Result<Key> KeyDirectory::key(std::string_view name) {
    std::error_code failure;
    const auto parent = std::filesystem::path(directory_).parent_path();
    std::filesystem::create_directories(parent, failure);
    if (::mkdir(directory_.c_str(), 0700) != 0 && errno != EEXIST) return last_error();
    auto found = find(name);
    if (!found) return found.error();
    if (*found) return std::move(**found);
    return make_key(directory_, path_of(name));
}

model::Result<std::optional<Key>> KeyDirectory::find(std::string_view name) {
    std::optional<Key> key;
    const File file(path_of(name), O_RDONLY | O_NOFOLLOW);
    if (!file.is_open()) {
        if (errno != ENOENT) return last_error();
        return key;
    }
    auto read = read_key(file);
    if (!read) return read.error();
    key = std::move(*read);
    return key;
}

}  // namespace gateway::anonymise
