#include "gateway/anonymise/pseudonym.hpp"

#include <nettle/hmac.h>
#include <sodium.h>

#include <array>
#include <bit>
#include <cstdint>
#include <new>
#include <span>

namespace gateway::anonymise {
namespace {

constexpr std::string_view kAlphabet = "abcdefghijklmnopqrstuvwxyz234567";

std::string base32(std::span<const std::byte> bytes) {
    std::string text((bytes.size() * 8 + 4) / 5, '\0');
    auto next = text.begin();
    unsigned buffer = 0;
    unsigned bits = 0;
    for (const std::byte byte : bytes) {
        buffer = (buffer << 8U | std::to_integer<unsigned>(byte)) & 0xfffU;
        bits += 8;
        for (; bits >= 5; bits -= 5) *next++ = kAlphabet[buffer >> (bits - 5) & 31U];
    }
    if (bits > 0) *next = kAlphabet[buffer << (5 - bits) & 31U];
    return text;
}

// A text so that no two sequences of texts give the same bytes.
void update_with_length(hmac_sha256_ctx& mac, std::string_view text) {
    std::array<std::uint8_t, 4> length{};
    for (std::size_t i = 0; i < length.size(); ++i)
        length[i] = static_cast<std::uint8_t>(text.size() >> (8 * i));
    hmac_sha256_update(&mac, length.size(), length.data());
    hmac_sha256_update(&mac, text.size(), reinterpret_cast<const std::uint8_t*>(text.data()));
}

}  // namespace

// HMAC after it has taken in the key, which is as good as the key: in a page of its own, out of
// swap and wiped when it goes. Nettle's: its state can be anywhere, it starts again with the same
// key by itself, and it uses the processor's instructions for SHA-256 (a quarter of the time that
// libsodium takes).
struct Pseudonymiser::Mac {
    hmac_sha256_ctx keyed;
};

void Pseudonymiser::Release::operator()(Mac* mac) const noexcept {
    sodium_free(mac);
}

Pseudonymiser::Pseudonymiser(const Key& key) {
    void* room = sodium_init() < 0 ? nullptr : sodium_malloc(sizeof(Mac));
    if (room == nullptr) throw std::bad_alloc();
    mac_.reset(new (room) Mac);
    hmac_sha256_set_key(&mac_->keyed, Key::kBytes, key.bytes().data());
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
    std::array<std::uint8_t, sizeof(Fingerprint)> digest{};
    update_with_length(mac_->keyed, field);
    update_with_length(mac_->keyed, value);
    hmac_sha256_digest(&mac_->keyed, digest.size(), digest.data());
    return std::bit_cast<Fingerprint>(digest);
}

bool looks_like_pseudonym(std::string_view text) {
    constexpr std::size_t kSize = (sizeof(Pseudonymiser::Fingerprint) * 8 + 4) / 5;
    return text.size() == kSize && text.find_first_not_of(kAlphabet) == std::string_view::npos;
}

std::optional<std::string_view> PseudonymCache::find(const NamePrints::Print& identity) const {
    const auto known = entries_.find(identity);
    if (known == entries_.end()) return std::nullopt;
    return known->second;
}

std::string_view PseudonymCache::add(
    const NamePrints::Print& identity, std::string_view pseudonym
) {
    return entries_.emplace(identity, pseudonym).first->second;
}

void PseudonymCache::make_room() {
    if (entries_.size() >= kEntriesMax) entries_.clear();
}

}  // namespace gateway::anonymise
