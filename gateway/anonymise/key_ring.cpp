#include "gateway/anonymise/key_ring.hpp"

#include <openssl/rand.h>
#include <sys/stat.h>

#include <cerrno>
#include <chrono>
#include <filesystem>
#include <set>
#include <utility>

namespace gateway::anonymise {

model::Result<void> KeyRing::destroy_all(std::string_view prefix) {
    const auto found = names(prefix);
    if (!found) return found.error();
    for (const std::string& name : *found) {
        if (auto destroyed = destroy(name); !destroyed) return destroyed;
    }
    return {};
}

KeyRingDirectory::KeyRingDirectory(std::string directory, std::string ending, const KeyWrap* wrap)
    : directory_(std::move(directory)), ending_(std::move(ending)), wrap_(wrap) {}

KeyFile KeyRingDirectory::file_of(std::string_view name) const {
    return {directory_ + "/" + std::string(name).append(ending_), wrap_};
}

model::Result<std::optional<Key>> KeyRingDirectory::find(std::string_view name) {
    auto found = file_of(name).find();
    if (!found && found.error() == boost::system::errc::bad_message) return std::optional<Key>{};
    return found;
}

model::Result<Key> KeyRingDirectory::make(std::string_view name) {
    constexpr mode_t kOwnerOnly = 0700;
    std::error_code failure;
    std::filesystem::create_directories(
        std::filesystem::path(directory_).parent_path(), failure
    );  // what is wrong with it, the next call says
    if (::mkdir(directory_.c_str(), kOwnerOnly) != 0 && errno != EEXIST)
        return boost::system::error_code(errno, boost::system::system_category());
    Key key;
    if (RAND_priv_bytes(key.bytes().data(), static_cast<int>(Key::kBytes)) != 1)
        return boost::system::errc::make_error_code(boost::system::errc::io_error);
    if (const auto written = file_of(name).write(key); !written) return written.error();
    return key;
}

model::Result<void> KeyRingDirectory::destroy(std::string_view name) {
    return file_of(name).destroy();
}

// A key may be there twice, plain and wrapped.
model::Result<std::vector<std::string>> KeyRingDirectory::names(std::string_view prefix) {
    std::set<std::string> found;
    std::error_code error;
    std::filesystem::directory_iterator files(directory_, error);
    for (; !error && files != std::filesystem::directory_iterator(); files.increment(error)) {
        const std::string file = files->path().filename().string();
        const auto end = file.find(ending_);
        if (file.starts_with(prefix) && end != std::string::npos) found.insert(file.substr(0, end));
    }
    if (error && error != std::errc::no_such_file_or_directory)
        return boost::system::error_code(error);
    return std::vector<std::string>(found.begin(), found.end());
}

model::Result<model::Instant> KeyRingDirectory::made_at(std::string_view name) {
    const std::string plain = directory_ + "/" + std::string(name).append(ending_);
    struct stat status {};
    for (const std::string& path : {plain, plain + ".wrapped", plain + ".new"}) {
        if (::stat(path.c_str(), &status) != 0) continue;
        return model::Instant(std::chrono::seconds{status.st_mtim.tv_sec});
    }
    return boost::system::error_code(errno, boost::system::system_category());
}

model::Result<bool> KeyRingDirectory::is_there() {
    std::error_code error;
    const bool is_there = std::filesystem::is_directory(directory_, error);
    if (error && error != std::errc::no_such_file_or_directory)
        return boost::system::error_code(error);
    return is_there;
}

KeyRingDirectory window_keys(const std::string& key_directory, const KeyWrap* wrap) {
    return {key_directory + "/windows", kWindowKeyEnding, wrap};
}

KeyRingDirectory segment_keys(const std::string& key_directory, const KeyWrap* wrap) {
    return {key_directory + "/segments", kSegmentKeyEnding, wrap};
}

}  // namespace gateway::anonymise
