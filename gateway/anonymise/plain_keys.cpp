#include "gateway/anonymise/plain_keys.hpp"

#include "gateway/anonymise/key_file.hpp"
#include "gateway/anonymise/key_ring.hpp"

#include <filesystem>
#include <vector>

namespace gateway::anonymise {
namespace {

// The files of keys as they are. Listed before any is wrapped: the directory changes with that.
model::Result<std::vector<std::string>> plain_files(const std::string& directory) {
    std::vector<std::string> files;
    std::error_code failure;
    std::filesystem::recursive_directory_iterator entry(directory, failure);
    if (failure == std::errc::no_such_file_or_directory) return files;
    for (; !failure && entry != std::filesystem::end(entry); entry.increment(failure)) {
        const auto extension = entry->path().extension();
        if (extension == ".key" || extension == kWindowKeyEnding || extension == kSegmentKeyEnding)
            files.push_back(entry->path().string());
    }
    if (failure) return boost::system::error_code(failure);
    return files;
}

}  // namespace

model::Result<void> wrap_plain_keys(const std::string& directory, const KeyWrap& wrap) {
    const auto files = plain_files(directory);
    if (!files) return files.error();
    for (const std::string& file : *files) {
        const auto found = KeyFile(file, &wrap).find();
        if (!found && found.error() != boost::system::errc::bad_message) return found.error();
    }
    return {};
}

}  // namespace gateway::anonymise
