#pragma once
#include <functional>
#include <string>
#include <string_view>
#include <unordered_map>

namespace gateway::buffer {

// Lets a map with std::string keys be searched with a view, without making a string.
struct TextHash {
    using is_transparent = void;
    std::size_t operator()(std::string_view text) const {
        return std::hash<std::string_view>{}(text);
    }
};

template <class Value>
using TextMap = std::unordered_map<std::string, Value, TextHash, std::equal_to<>>;

}  // namespace gateway::buffer
