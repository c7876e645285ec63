#include "gateway/aggregate/window_keys.hpp"

#include "gateway/anonymise/key_file.hpp"

#include <sys/stat.h>

#include <cerrno>
#include <filesystem>
#include <set>
#include <utility>

namespace gateway::aggregate {

using anonymise::Key;
using anonymise::KeyFile;

namespace {

constexpr std::string_view kEnding = ".window";

}  // namespace

WindowKeyDirectory::WindowKeyDirectory(
    std::string directory, EntropySource& entropy, const anonymise::KeyWrap* wrap
)
    : directory_(std::move(directory)), entropy_(entropy), wrap_(wrap) {}

KeyFile WindowKeyDirectory::file_of(std::string_view name) const {
    return {directory_ + "/" + std::string(name).append(kEnding), wrap_};
}

model::Result<std::optional<Key>> WindowKeyDirectory::find(std::string_view name) {
    auto found = file_of(name).find();
    if (!found && found.error() == boost::system::errc::bad_message) return std::optional<Key>{};
    return found;
}

model::Result<Key> WindowKeyDirectory::make(std::string_view name) {
    constexpr mode_t kOwnerOnly = 0700;
    if (::mkdir(directory_.c_str(), kOwnerOnly) != 0 && errno != EEXIST)
        return boost::system::error_code(errno, boost::system::system_category());
    Key key;
    if (auto drawn = entropy_.fill(std::as_writable_bytes(key.bytes())); !drawn)
        return drawn.error();
    if (const auto written = file_of(name).write(key); !written) return written.error();
    return key;
}

model::Result<void> WindowKeyDirectory::destroy(std::string_view name) {
    return file_of(name).destroy();
}

model::Result<void> WindowKeyDirectory::destroy_all(std::string_view prefix) {
    std::set<std::string> names;  // of which files go while the directory is not looked at
    std::error_code error;
    std::filesystem::directory_iterator files(directory_, error);
    for (; !error && files != std::filesystem::directory_iterator(); files.increment(error)) {
        const std::string file = files->path().filename().string();
        const auto end = file.find(kEnding);
        if (file.starts_with(prefix) && end != std::string::npos) names.insert(file.substr(0, end));
    }
    if (error == std::errc::no_such_file_or_directory) return {};
    if (error) return boost::system::error_code(error);
    for (const std::string& name : names) {
        if (auto destroyed = destroy(name); !destroyed) return destroyed;
    }
    return {};
}

}  // namespace gateway::aggregate
