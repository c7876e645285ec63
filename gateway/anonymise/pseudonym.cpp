#include "gateway/anonymise/pseudonym.hpp"

#include <sodium.h>

#include <array>
#include <cstring>
#include <new>
#include <span>

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
void update_with_length(crypto_auth_hmacsha256_state& state, std::string_view text) {
    std::array<unsigned char, 4> length{};
    for (std::size_t i = 0; i < length.size(); ++i)
        length[i] = static_cast<unsigned char>(text.size() >> (8 * i));
    crypto_auth_hmacsha256_update(&state, length.data(), length.size());
    const auto* bytes = reinterpret_cast<const unsigned char*>(text.data());
    crypto_auth_hmacsha256_update(&state, bytes, text.size());
}

}  // namespace

// HMAC after it has taken in the key, which is as good as the key: in a page of its own, out of
// swap and wiped when it goes.
struct Pseudonymiser::Mac {
    crypto_auth_hmacsha256_state keyed;
};

void Pseudonymiser::Release::operator()(Mac* mac) const noexcept {
    sodium_free(mac);
}

Pseudonymiser::Pseudonymiser(const Key& key) {
    void* room = sodium_init() < 0 ? nullptr : sodium_malloc(sizeof(Mac));
    if (room == nullptr) throw std::bad_alloc();
    mac_.reset(new (room) Mac);
    crypto_auth_hmacsha256_init(&mac_->keyed, key.bytes().data(), Key::kBytes);
}

Pseudonymiser::~Pseudonymiser() = default;
Pseudonymiser::Pseudonymiser(Pseudonymiser&&) noexcept = default;
Pseudonymiser& Pseudonymiser::operator=(Pseudonymiser&&) noexcept = default;

std::string Pseudonymiser::pseudonym(std::string_view field, std::string_view value) const {
    return spell(fingerprint(field, value));
}

std::string spell(const Pseudonymiser::Fingerprint& fingerprint) {
    return base32(fingerprint);
}

Pseudonymiser::Fingerprint Pseudonymiser::fingerprint(
    std::string_view field, std::string_view value
) const {
    std::array<unsigned char, crypto_auth_hmacsha256_BYTES> digest{};
    crypto_auth_hmacsha256_state state = mac_->keyed;
    update_with_length(state, field);
    update_with_length(state, value);
    crypto_auth_hmacsha256_final(&state, digest.data());
    sodium_memzero(&state, sizeof state);
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
    if (const auto known = find(value)) return *known;
    return add(value, pseudonymiser.pseudonym(field, value));
}

std::optional<std::string_view> PseudonymCache::find(std::string_view value) const {
    const auto known = entries_.find(prints_.of(value));
    if (known == entries_.end()) return std::nullopt;
    return known->second;
}

std::string_view PseudonymCache::add(std::string_view value, std::string pseudonym) {
    return entries_.emplace(prints_.of(value), std::move(pseudonym)).first->second;
}

void PseudonymCache::make_room() {
    if (entries_.size() >= kEntriesMax) entries_.clear();
}

}  // namespace gateway::anonymise
