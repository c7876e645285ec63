#include "gateway/anonymise/key_wrap.hpp"

#include <sodium.h>

#include <algorithm>

namespace gateway::anonymise {
namespace {

constexpr std::string_view kMark = "PSKWRAP1";
constexpr std::size_t kNonceAt = kMark.size();
constexpr std::size_t kSealedAt = kNonceAt + crypto_aead_xchacha20poly1305_ietf_NPUBBYTES;
static_assert(
    kSealedAt + Key::kBytes + crypto_aead_xchacha20poly1305_ietf_ABYTES == KeyWrap::kWrappedBytes
);
static_assert(Key::kBytes == crypto_aead_xchacha20poly1305_ietf_KEYBYTES);

const unsigned char* raw(std::string_view text) {
    return reinterpret_cast<const unsigned char*>(text.data());
}

}  // namespace

KeyWrap::Wrapped KeyWrap::wrap(std::string_view name, const Key& key) const {
    Wrapped wrapped{};
    std::copy(kMark.begin(), kMark.end(), wrapped.begin());
    randombytes_buf(wrapped.data() + kNonceAt, kSealedAt - kNonceAt);
    crypto_aead_xchacha20poly1305_ietf_encrypt(
        wrapped.data() + kSealedAt,
        nullptr,
        key.bytes().data(),
        Key::kBytes,
        raw(name),
        name.size(),
        nullptr,
        wrapped.data() + kNonceAt,
        wrapping_key_.bytes().data()
    );
    return wrapped;
}

std::optional<Key> KeyWrap::unwrap(std::string_view name, std::span<const unsigned char> wrapped)
    const {
    if (wrapped.size() != kWrappedBytes) return std::nullopt;
    if (!std::equal(kMark.begin(), kMark.end(), wrapped.begin())) return std::nullopt;
    Key key;
    const int failed = crypto_aead_xchacha20poly1305_ietf_decrypt(
        key.bytes().data(),
        nullptr,
        nullptr,
        wrapped.data() + kSealedAt,
        wrapped.size() - kSealedAt,
        raw(name),
        name.size(),
        wrapped.data() + kNonceAt,
        wrapping_key_.bytes().data()
    );
    if (failed != 0) return std::nullopt;
    return key;
}

}  // namespace gateway::anonymise
