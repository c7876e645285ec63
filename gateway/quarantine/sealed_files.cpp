#include "gateway/quarantine/sealed_files.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <filesystem>
#include <fstream>
#include <optional>
#include <string_view>

namespace gateway::quarantine {
namespace {

constexpr std::string_view kEnding = ".sealed";

std::optional<std::uint64_t> number_of(std::string_view name) {
    if (!name.ends_with(kEnding)) return std::nullopt;
    name.remove_suffix(kEnding.size());
    std::uint64_t number = 0;
    const auto [end, failure] = std::from_chars(name.data(), name.data() + name.size(), number);
    if (failure != std::errc{} || end != name.data() + name.size()) return std::nullopt;
    return number;
}

}  // namespace

std::vector<std::uint64_t> sealed_files(const std::string& directory) {
    std::vector<std::uint64_t> numbers;
    std::error_code failure;
    for (const auto& entry : std::filesystem::directory_iterator(directory, failure)) {
        if (const auto number = number_of(entry.path().filename().string()))
            numbers.push_back(*number);
    }
    std::sort(numbers.begin(), numbers.end());
    return numbers;
}

std::string sealed_file(const std::string& directory, std::uint64_t number) {
    return directory + '/' + std::to_string(number) + std::string(kEnding);
}

std::optional<std::string> read_sealed_file(const std::string& path) {
    std::ifstream stream(path, std::ios::binary);
    if (!stream.is_open()) return std::nullopt;
    std::string bytes;
    std::array<char, 16'384> block{};
    while (stream) {
        stream.read(block.data(), block.size());
        bytes.append(block.data(), static_cast<std::size_t>(stream.gcount()));
    }
    if (stream.bad()) return std::nullopt;
    return bytes;
}

}  // namespace gateway::quarantine
