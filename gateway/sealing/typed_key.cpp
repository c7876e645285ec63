#include "gateway/sealing/typed_key.hpp"

#include "gateway/runtime/key_text.hpp"
#include "gateway/sealing/checksum.hpp"

#include <array>

namespace gateway::sealing {
namespace {

constexpr std::string_view kSymbols = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
constexpr std::size_t kKeyBytes = 32;
constexpr std::size_t kCheckBytes = 3;
constexpr std::size_t kTypedSymbols = 56;
constexpr unsigned kBitsOfByte = 8;
constexpr unsigned kBitsOfSymbol = 5;
static_assert((kKeyBytes + kCheckBytes) * kBitsOfByte == kTypedSymbols * kBitsOfSymbol);

using Key = std::array<unsigned char, kKeyBytes>;

std::string check_of(std::string_view key) {
    return checksum(key).substr(0, kCheckBytes);
}

// What a symbol stands for; npos when it is none.
std::size_t value_of(char symbol) {
    if (symbol >= 'a' && symbol <= 'z') symbol = static_cast<char>(symbol - 'a' + 'A');
    if (symbol == 'O') symbol = '0';
    if (symbol == 'I' || symbol == 'L') symbol = '1';
    return kSymbols.find(symbol);
}

// The bytes of as many symbols as a key has; nothing when there are others, more or fewer.
std::optional<std::string> bytes_of(std::string_view typed) {
    std::string bytes;
    std::size_t symbols = 0;
    std::size_t bits = 0;
    unsigned count = 0;
    for (const char symbol : typed) {
        if (symbol == '-' || symbol == ' ') continue;
        const std::size_t value = value_of(symbol);
        if (value == std::string_view::npos || ++symbols > kTypedSymbols) return std::nullopt;
        bits = bits << kBitsOfSymbol | value;
        count += kBitsOfSymbol;
        if (count < kBitsOfByte) continue;
        count -= kBitsOfByte;
        bytes += static_cast<char>(bits >> count & 0xffU);
    }
    return symbols == kTypedSymbols ? std::optional(bytes) : std::nullopt;
}

}  // namespace

std::string typed_key(std::string_view public_key) {
    constexpr std::size_t kGroup = 4;
    Key key{};
    runtime::parse_key(public_key, key);
    std::string bytes(key.begin(), key.end());
    bytes += check_of(bytes);
    std::string typed;
    std::size_t symbols = 0;
    std::size_t bits = 0;
    unsigned count = 0;
    for (const char byte : bytes) {
        bits = bits << kBitsOfByte | static_cast<unsigned char>(byte);
        for (count += kBitsOfByte; count >= kBitsOfSymbol; ++symbols) {
            count -= kBitsOfSymbol;
            if (symbols > 0 && symbols % kGroup == 0) typed += '-';
            typed += kSymbols[bits >> count & 0x1fU];
        }
    }
    return typed;
}

std::optional<std::string> parse_typed_key(std::string_view typed) {
    const auto bytes = bytes_of(typed);
    if (!bytes) return std::nullopt;
    const std::string_view key = std::string_view(*bytes).substr(0, kKeyBytes);
    if (bytes->substr(kKeyBytes) != check_of(key)) return std::nullopt;
    return runtime::key_text({reinterpret_cast<const unsigned char*>(key.data()), key.size()});
}

}  // namespace gateway::sealing
