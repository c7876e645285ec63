#pragma once
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace gateway::mqtt_codec {

// Seven bits a byte, the lowest first; the high bit says that more follow (MQTT 5, 1.5.5).
inline constexpr std::uint32_t kVariableIntegerMax = 268'435'455;
inline constexpr std::size_t kVariableIntegerBytesMax = 4;

struct VariableInteger {
    enum class State : std::uint8_t { whole, truncated, too_long };

    State state = State::truncated;
    std::uint32_t value = 0;
    std::size_t bytes = 0;  // that it takes

    // False where the same value fits into fewer bytes: allowed as a Remaining Length of 3.1.1
    // only.
    bool is_shortest() const { return bytes <= 1 || value >> (7 * (bytes - 1)) != 0; }
};

// The integer at the beginning of `bytes`.
constexpr VariableInteger read_variable_integer(std::string_view bytes) {
    VariableInteger read;
    while (read.bytes < kVariableIntegerBytesMax) {
        if (read.bytes == bytes.size()) return read;
        const auto byte = static_cast<std::uint8_t>(bytes[read.bytes]);
        read.value |= std::uint32_t{byte & 0x7FU} << (7 * read.bytes);
        ++read.bytes;
        if (byte < 0x80) {
            read.state = VariableInteger::State::whole;
            return read;
        }
    }
    read.state = VariableInteger::State::too_long;
    return read;
}

}  // namespace gateway::mqtt_codec
