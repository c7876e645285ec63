#include "gateway/status/content_policy.hpp"

#include <sodium.h>

#include <array>

namespace gateway::status {
namespace {

// "'sha256-…'" as in Content Security Policy Level 3, section 2.3.1.
std::string hash_source(std::string_view text) {
    std::array<unsigned char, crypto_hash_sha256_BYTES> hash{};
    const auto* const bytes = reinterpret_cast<const unsigned char*>(text.data());
    crypto_hash_sha256(hash.data(), bytes, text.size());
    constexpr int kVariant = sodium_base64_VARIANT_ORIGINAL;
    std::array<char, sodium_base64_ENCODED_LEN(crypto_hash_sha256_BYTES, kVariant)> base64{};
    sodium_bin2base64(base64.data(), base64.size(), hash.data(), hash.size(), kVariant);
    return std::string{"'sha256-"} + base64.data() + '\'';
}

}  // namespace

std::string content_policy(std::string_view style, std::string_view script, Forms forms) {
    std::string policy = "default-src 'none'; base-uri 'none'; form-action ";
    policy += forms == Forms::here ? "'self'" : "'none'";
    policy += "; frame-ancestors 'none'";
    if (!style.empty()) policy += "; style-src " + hash_source(style);
    if (!script.empty()) policy += "; script-src " + hash_source(script) + "; connect-src 'self'";
    return policy;
}

std::string_view inline_style(std::string_view html) {
    constexpr std::string_view kBegin = "<style>";
    const std::size_t begin = html.find(kBegin);
    const std::size_t end = html.find("</style>", begin);
    if (begin == std::string_view::npos || end == std::string_view::npos) return {};
    return html.substr(begin + kBegin.size(), end - begin - kBegin.size());
}

}  // namespace gateway::status
