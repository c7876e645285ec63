#include "drivers/serial/cobs.hpp"

#include <cstddef>

namespace drivers::serial {

namespace {

constexpr std::size_t kRunMax = 0xFF;  // a length that no zero follows

}  // namespace

std::string cobs_encode(std::string_view content) {
    std::string encoded(1, '\0');
    std::size_t length_at = 0;
    const auto end_run = [&] {
        encoded[length_at] = static_cast<char>(encoded.size() - length_at);
    };
    for (const char byte : content) {
        if (byte != '\0') {
            encoded += byte;
            continue;
        }
        end_run();
        length_at = encoded.size();
        encoded += '\0';
    }
    end_run();
    return encoded;
}

std::optional<std::string> cobs_decode(std::string_view encoded) {
    std::string content;
    while (!encoded.empty()) {
        const std::size_t length = static_cast<unsigned char>(encoded.front());
        if (length == 0 || length > encoded.size()) return std::nullopt;
        const auto run = encoded.substr(1, length - 1);
        if (run.find('\0') != std::string_view::npos) return std::nullopt;
        content += run;
        encoded.remove_prefix(length);
        if (!encoded.empty() && length < kRunMax) content += '\0';
    }
    return content;
}

}  // namespace drivers::serial
