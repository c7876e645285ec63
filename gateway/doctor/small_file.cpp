#include "gateway/doctor/small_file.hpp"

#include <charconv>
#include <fstream>
#include <sstream>

namespace gateway::doctor {

std::optional<std::string> read_small_file(const std::string& path) {
    std::ifstream file(path, std::ios::binary);
    if (!file) return std::nullopt;
    std::string text(kSmallFileBytesMax, '\0');
    file.read(text.data(), static_cast<std::streamsize>(text.size()));
    if (file.bad()) return std::nullopt;
    text.resize(static_cast<std::size_t>(file.gcount()));
    text.erase(text.find_last_not_of(" \t\r\n") + 1);
    return text;
}

bool is_process(const std::filesystem::path& entry) {
    return entry.filename().string().find_first_not_of("0123456789") == std::string::npos;
}

std::optional<std::int64_t> read_number(const std::string& path) {
    const auto text = read_small_file(path);
    if (!text) return std::nullopt;
    std::int64_t number = 0;
    const auto [end, failure] = std::from_chars(text->data(), text->data() + text->size(), number);
    if (failure != std::errc{} || end == text->data()) return std::nullopt;
    return number;
}

std::optional<std::uint64_t> number_of_line(const std::string& text, const std::string& name) {
    std::istringstream lines(text);
    for (std::string line; std::getline(lines, line);) {
        if (!line.starts_with(name)) continue;
        const auto begin = line.find_first_not_of(": \t", name.size());
        if (begin == name.size() || begin == std::string::npos) continue;
        std::uint64_t number = 0;
        const char* const first = line.data() + begin;
        if (std::from_chars(first, line.data() + line.size(), number).ec == std::errc{})
            return number;
    }
    return std::nullopt;
}

}  // namespace gateway::doctor
