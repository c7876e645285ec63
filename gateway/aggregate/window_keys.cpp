#include "gateway/aggregate/window_keys.hpp"

#include "gateway/anonymise/key_file.hpp"

#include <sys/stat.h>

#include <cerrno>
#include <utility>

namespace gateway::aggregate {

using anonymise::Key;
using anonymise::KeyFile;

WindowKeyDirectory::WindowKeyDirectory(
    std::string directory, EntropySource& entropy, const anonymise::KeyWrap* wrap
)
    : directory_(std::move(directory)), entropy_(entropy), wrap_(wrap) {}

KeyFile WindowKeyDirectory::file_of(std::string_view name) const {
    return {directory_ + "/" + std::string(name) + ".window", wrap_};
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

}  // namespace gateway::aggregate
