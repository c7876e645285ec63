#include "gateway/anonymise/key_names.hpp"

#include <algorithm>
#include <filesystem>
#include <optional>
#include <string_view>

namespace gateway::anonymise {
namespace {

// Nothing for what is no key, or one that is being made.
std::optional<std::string_view> name_of(std::string_view file) {
    constexpr std::string_view kWrapped = ".wrapped";
    constexpr std::string_view kKey = ".key";
    if (file.ends_with(kWrapped)) file.remove_suffix(kWrapped.size());
    if (!file.ends_with(kKey)) return std::nullopt;
    return file.substr(0, file.size() - kKey.size());
}

}  // namespace

model::Result<std::vector<std::string>> key_names(const std::string& directory) {
    std::vector<std::string> names;
    std::error_code failure;
    std::filesystem::directory_iterator entry(directory, failure);
    if (failure == std::errc::no_such_file_or_directory) return names;
    for (; !failure && entry != std::filesystem::end(entry); entry.increment(failure)) {
        const std::string file = entry->path().filename().string();
        const auto name = name_of(file);
        if (!name) continue;
        if (names.size() == kKeysListedMax)
            return boost::system::errc::make_error_code(boost::system::errc::value_too_large);
        names.emplace_back(*name);
    }
    if (failure) return boost::system::error_code(failure);
    std::sort(names.begin(), names.end());
    names.erase(std::unique(names.begin(), names.end()), names.end());
    return names;
}

}  // namespace gateway::anonymise
