#include "gateway/settings/public_key.hpp"

#include "gateway/language/translate.hpp"
#include "gateway/settings/values.hpp"

namespace gateway::settings {
namespace {

using language::tr;

// 32 bytes in base64 (RFC 4648 section 4): 43 characters, the last of which has two bits to spare,
// and the padding.
bool is_key_text(std::string_view text) {
    constexpr std::string_view kAlphabet =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    constexpr std::size_t kCharacters = 43;
    if (text.size() != kCharacters + 1 || !text.ends_with('=')) return false;
    text.remove_suffix(1);
    return text.find_first_not_of(kAlphabet) == std::string_view::npos &&
           kAlphabet.find(text.back()) % 4 == 0;
}

}  // namespace

std::optional<std::string> read_public_key(
    const Value& value, std::string_view command, Loading& loading
) {
    const std::string* text = as_text(value, tr("a public key"), loading);
    if (text == nullptr) return std::nullopt;
    if (is_key_text(*text)) return *text;
    loading.diagnostics.error(
        value.at,
        tr("'{0}' is not a public key: 32 bytes in base64", {value.key}),
        tr("make a pair of keys with {0}, and write the public one", {command})
    );
    return std::nullopt;
}

}  // namespace gateway::settings
