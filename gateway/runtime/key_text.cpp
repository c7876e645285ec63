#include "gateway/runtime/key_text.hpp"

#include <sodium.h>

namespace gateway::runtime {

std::string key_text(std::span<const unsigned char> bytes) {
    constexpr int kVariant = sodium_base64_VARIANT_ORIGINAL;
    std::string text(sodium_base64_encoded_len(bytes.size(), kVariant), '\0');
    sodium_bin2base64(text.data(), text.size(), bytes.data(), bytes.size(), kVariant);
    text.pop_back();  // the terminating zero
    return text;
}

bool parse_key(std::string_view text, std::span<unsigned char> key) {
    constexpr int kVariant = sodium_base64_VARIANT_ORIGINAL;
    std::size_t size = 0;
    const char* end = nullptr;
    return sodium_base642bin(
               key.data(), key.size(), text.data(), text.size(), nullptr, &size, &end, kVariant
           ) == 0 &&
           size == key.size() && end == text.data() + text.size();
}

}  // namespace gateway::runtime
