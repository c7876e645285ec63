#include "gateway/buffer/sealed_body.hpp"

#include <sodium.h>

#include <algorithm>
#include <array>

namespace gateway::buffer {
namespace {

constexpr std::byte kSealed{2};
constexpr std::size_t kNumberBytes = 8;
constexpr std::size_t kTextAt = SealedBody::kHeadBytes + SealedBody::kNonceBytes;
static_assert(SealedBody::kHeadBytes == 1 + 2 * kNumberBytes);
static_assert(SealedBody::kNonceBytes == crypto_aead_xchacha20poly1305_ietf_NPUBBYTES);
static_assert(SealedBody::kTagBytes == crypto_aead_xchacha20poly1305_ietf_ABYTES);
static_assert(anonymise::Key::kBytes == crypto_aead_xchacha20poly1305_ietf_KEYBYTES);

using Covered = std::array<std::byte, SealedBody::kHeadBytes + kNumberBytes>;

void write_number(std::uint64_t number, std::byte* into) {
    for (std::size_t i = 0; i < kNumberBytes; ++i)
        into[i] = static_cast<std::byte>(number >> (8 * i));
}

std::uint64_t read_number(const std::byte* from) {
    std::uint64_t number = 0;
    for (std::size_t i = 0; i < kNumberBytes; ++i)
        number |= std::to_integer<std::uint64_t>(from[i]) << (8 * i);
    return number;
}

// What the tag covers besides the text.
Covered covered(std::span<const std::byte> head, std::uint64_t row) {
    Covered bytes{};
    std::copy_n(head.begin(), SealedBody::kHeadBytes, bytes.begin());
    write_number(row, bytes.data() + SealedBody::kHeadBytes);
    return bytes;
}

unsigned char* raw(std::byte* bytes) {
    return reinterpret_cast<unsigned char*>(bytes);
}

const unsigned char* raw(const std::byte* bytes) {
    return reinterpret_cast<const unsigned char*>(bytes);
}

}  // namespace

SegmentKey key_of(std::span<const std::byte> body) {
    if (body.size() < SealedBody::kOverheadBytes || body[0] != kSealed) return {};
    return SegmentKey{read_number(&body[1]), read_number(&body[1 + kNumberBytes])};
}

void seal_body(
    const anonymise::Key& key,
    const SealingPlace& place,
    std::span<const std::byte> body,
    Bytes& out
) {
    out.resize(body.size() + SealedBody::kOverheadBytes);
    out[0] = kSealed;
    write_number(place.key.store, &out[1]);
    write_number(place.key.number, &out[1 + kNumberBytes]);
    const Covered bound = covered(out, place.row);
    unsigned char* nonce = raw(&out[SealedBody::kHeadBytes]);
    randombytes_buf(nonce, SealedBody::kNonceBytes);
    crypto_aead_xchacha20poly1305_ietf_encrypt(
        raw(&out[kTextAt]),
        nullptr,
        raw(body.data()),
        body.size(),
        raw(bound.data()),
        bound.size(),
        nullptr,
        nonce,
        key.bytes().data()
    );
}

bool open_body(
    const anonymise::Key& key, std::uint64_t row, std::span<const std::byte> sealed, Bytes& out
) {
    if (sealed.size() < SealedBody::kOverheadBytes) return false;
    const Covered bound = covered(sealed, row);
    const auto text = sealed.subspan(kTextAt);
    out.resize(text.size());  // more by the tag, so that there is always somewhere to write
    unsigned long long size = 0;
    const bool is_whole = crypto_aead_xchacha20poly1305_ietf_decrypt(
                              raw(out.data()),
                              &size,
                              nullptr,
                              raw(text.data()),
                              text.size(),
                              raw(bound.data()),
                              bound.size(),
                              raw(&sealed[SealedBody::kHeadBytes]),
                              key.bytes().data()
                          ) == 0;
    out.resize(static_cast<std::size_t>(size));
    return is_whole;
}

}  // namespace gateway::buffer
