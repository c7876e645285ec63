#include "gateway/anonymise/key_store.hpp"

#include "gateway/anonymise/key_file.hpp"

#include <openssl/rand.h>
#include <sys/stat.h>

#include <cerrno>
#include <filesystem>

namespace gateway::anonymise {

KeyDirectory::KeyDirectory(std::string directory, const KeyWrap* wrap)
    : directory_(std::move(directory)), wrap_(wrap) {}

std::string KeyDirectory::path_of(std::string_view name) const {
    return directory_ + "/" + std::string(name) + ".key";
}

model::Result<Key> KeyDirectory::key(std::string_view name) {
    std::error_code failure;
    const auto parent = std::filesystem::path(directory_).parent_path();
    std::filesystem::create_directories(parent, failure);
    if (::mkdir(directory_.c_str(), 0700) != 0 && errno != EEXIST)
        return boost::system::error_code(errno, boost::system::system_category());
    auto found = find(name);
    if (!found) return found.error();
    if (*found) return std::move(**found);
    Key key;
    if (RAND_priv_bytes(key.bytes().data(), static_cast<int>(Key::kBytes)) != 1)
        return boost::system::errc::make_error_code(boost::system::errc::io_error);
    const KeyFile file(path_of(name), wrap_);
    if (const auto written = file.write(key); !written) return written.error();
    return key;
}

model::Result<std::optional<Key>> KeyDirectory::find(std::string_view name) {
    return KeyFile(path_of(name), wrap_).find();
}

}  // namespace gateway::anonymise
