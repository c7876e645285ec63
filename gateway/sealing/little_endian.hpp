#pragma once
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace gateway::sealing {

template <class Number>
void append_number(std::string& bytes, Number number) {
    const auto bits = static_cast<std::uint64_t>(number);
    for (std::size_t i = 0; i < sizeof number; ++i)
        bytes += static_cast<char>(bits >> (8 * i) & 0xffU);
}

// Takes a number off the front; nothing when there are not so many bytes.
template <class Number>
std::optional<Number> take_number(std::string_view& bytes) {
    if (bytes.size() < sizeof(Number)) return std::nullopt;
    std::uint64_t bits = 0;
    for (std::size_t i = 0; i < sizeof(Number); ++i)
        bits |= std::uint64_t{static_cast<unsigned char>(bytes[i])} << (8 * i);
    bytes.remove_prefix(sizeof(Number));
    return static_cast<Number>(bits);
}

}  // namespace gateway::sealing
