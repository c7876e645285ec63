#include "gateway/anonymise/key_names.hpp"

#include <algorithm>
#include <filesystem>

namespace gateway::anonymise {

std::vector<std::string> key_names(const std::string& directory) {
    std::vector<std::string> names;
    std::error_code failure;
    for (const auto& entry : std::filesystem::directory_iterator(directory, failure)) {
        const auto extension = entry.path().extension();
        if (extension.empty() || extension == ".new") continue;  // one that is being made
        names.push_back(entry.path().stem().string());
        if (names.size() == kKeysListedMax) break;
    }
    std::sort(names.begin(), names.end());
    return names;
}

}  // namespace gateway::anonymise
