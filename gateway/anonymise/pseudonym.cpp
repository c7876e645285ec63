#include "gateway/anonymise/pseudonym.hpp"

#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/params.h>

#include <array>
#include <cstring>
#include <span>
#include <stdexcept>

namespace gateway::anonymise {
namespace {

constexpr std::string_view kAlphabet = "abcdefghijklmnopqrstuvwxyz234567";

std::string base32(std::span<const std::byte> bytes) {
    std::string text;
    text.reserve((bytes.size() * 8 + 4) / 5);
    unsigned buffer = 0;
    unsigned bits = 0;
    for (const std::byte byte : bytes) {
        buffer = (buffer << 8U | std::to_integer<unsigned>(byte)) & 0xfffU;
        bits += 8;
        for (; bits >= 5; bits -= 5) text += kAlphabet[buffer >> (bits - 5) & 31U];
    }
    if (bits > 0) text += kAlphabet[buffer << (5 - bits) & 31U];
    return text;
}

// A field and a value so that no two pairs give the same bytes.
void update_with_length(EVP_MAC_CTX* context, std::string_view text) {
    std::array<unsigned char, 4> length{};
    for (std::size_t i = 0; i < length.size(); ++i)
        length[i] = static_cast<unsigned char>(text.size() >> (8 * i));
    EVP_MAC_update(context, length.data(), length.size());
    EVP_MAC_update(context, reinterpret_cast<const unsigned char*>(text.data()), text.size());
}

}  // namespace

struct Pseudonymiser::Mac {
    EVP_MAC* algorithm = EVP_MAC_fetch(nullptr, "HMAC", nullptr);
    EVP_MAC_CTX* context = EVP_MAC_CTX_new(algorithm);

    Mac() = default;
    Mac(const Mac&) = delete;
    Mac& operator=(const Mac&) = delete;
    ~Mac() {
        EVP_MAC_CTX_free(context);  // wipes the key it holds
        EVP_MAC_free(algorithm);
    }
};

Pseudonymiser::Pseudonymiser(const Key& key) : mac_(std::make_unique<Mac>()) {
    std::array<char, 7> digest{"SHA256"};
    const std::array<OSSL_PARAM, 2> parameters{
        OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, digest.data(), 0),
        OSSL_PARAM_construct_end()};
    if (EVP_MAC_init(mac_->context, key.bytes().data(), Key::kBytes, parameters.data()) != 1) {
        throw std::runtime_error("HMAC-SHA-256 is not available from OpenSSL");
    }
}

Pseudonymiser::~Pseudonymiser() = default;
Pseudonymiser::Pseudonymiser(Pseudonymiser&&) noexcept = default;
Pseudonymiser& Pseudonymiser::operator=(Pseudonymiser&&) noexcept = default;

std::string Pseudonymiser::pseudonym(std::string_view field, std::string_view value) const {
    return base32(fingerprint(field, value));
}

Pseudonymiser::Fingerprint Pseudonymiser::fingerprint(
    std::string_view field, std::string_view value
) const {
    std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
    std::size_t length = 0;
    EVP_MAC_init(mac_->context, nullptr, 0, nullptr);  // same key, from the start
    update_with_length(mac_->context, field);
    update_with_length(mac_->context, value);
    if (EVP_MAC_final(mac_->context, digest.data(), &length, digest.size()) != 1) {
        throw std::runtime_error("HMAC-SHA-256 failed in OpenSSL");
    }
    Fingerprint fingerprint;
    std::memcpy(fingerprint.data(), digest.data(), fingerprint.size());
    return fingerprint;
}

bool looks_like_pseudonym(std::string_view text) {
    constexpr std::size_t kSize = (sizeof(Pseudonymiser::Fingerprint) * 8 + 4) / 5;
    return text.size() == kSize && text.find_first_not_of(kAlphabet) == std::string_view::npos;
}

std::string_view PseudonymCache::find_or_make(
    const Pseudonymiser& pseudonymiser, std::string_view field, std::string_view value
) {
    if (const auto known = entries_.find(value); known != entries_.end()) return known->second;
    return entries_.emplace(std::string(value), pseudonymiser.pseudonym(field, value))
        .first->second;
}

void PseudonymCache::make_room() {
    if (entries_.size() >= kEntriesMax) entries_.clear();
}

}  // namespace gateway::anonymise
