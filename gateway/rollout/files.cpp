#include "gateway/rollout/files.hpp"

#include "gateway/runtime/replace_file.hpp"

#include <cerrno>
#include <cstdio>
#include <filesystem>
#include <memory>

namespace gateway::rollout {
namespace {

// More than a configuration or a record ever has.
constexpr std::size_t kFileBytesMax = 2 << 20;

}  // namespace

model::Result<void> DiskFiles::replace(const std::string& path, std::string_view content) {
    if (const auto failure = runtime::replace_file(path, content)) return failure;
    return {};
}

model::Result<std::string> DiskFiles::read(const std::string& path) const {
    struct Close {
        void operator()(std::FILE* stream) const { std::fclose(stream); }
    };
    const std::unique_ptr<std::FILE, Close> stream(std::fopen(path.c_str(), "rbe"));
    if (!stream) return boost::system::error_code(errno, boost::system::system_category());
    std::error_code failure;
    const auto size = std::filesystem::file_size(path, failure);
    if (failure || size >= kFileBytesMax)
        return make_error_code(boost::system::errc::file_too_large);
    std::string text(size + 1, '\0');  // one more shows that it has grown meanwhile
    text.resize(std::fread(text.data(), 1, text.size(), stream.get()));
    if (std::ferror(stream.get()) != 0) return make_error_code(boost::system::errc::io_error);
    if (text.size() > size) return make_error_code(boost::system::errc::file_too_large);
    return text;
}

void DiskFiles::remove(const std::string& path) {
    std::error_code ignored;
    std::filesystem::remove(path, ignored);
}

std::vector<std::string> DiskFiles::names(const std::string& directory) const {
    std::vector<std::string> names;
    std::error_code failure;
    for (std::filesystem::directory_iterator entry(directory, failure), end;
         !failure && entry != end;
         entry.increment(failure))
        names.push_back(entry->path().filename().string());
    return names;
}

}  // namespace gateway::rollout
