#include "gateway/aggregate/spool_cipher.hpp"

#include "gateway/aggregate/error.hpp"

#include <openssl/crypto.h>
#include <openssl/evp.h>

#include <algorithm>
#include <cstring>
#include <stdexcept>

namespace gateway::aggregate {
namespace {

constexpr std::size_t kNonceBytes = 12;
constexpr std::size_t kValueBytes = 8;
constexpr std::size_t kTagBytes = 16;
static_assert(kNonceBytes + kValueBytes + kTagBytes == SpoolCipher::kSealedBytes);

using Value = std::array<unsigned char, kValueBytes>;

Value little_endian(std::int64_t number) {
    Value value;
    for (std::size_t i = 0; i < value.size(); ++i)
        value[i] = static_cast<unsigned char>(static_cast<std::uint64_t>(number) >> (8 * i));
    return value;
}

std::int64_t number_of(const Value& value) {
    std::uint64_t number = 0;
    for (std::size_t i = 0; i < value.size(); ++i) number |= std::uint64_t{value[i]} << (8 * i);
    return static_cast<std::int64_t>(number);
}

// start, part, meter: 25 bytes, each of a fixed length.
std::array<unsigned char, kValueBytes + 1 + sizeof(MeterToken)> bytes_of(const SpoolPlace& place) {
    std::array<unsigned char, kValueBytes + 1 + sizeof(MeterToken)> bytes{};
    const Value start = little_endian(place.window.start);
    std::copy(start.begin(), start.end(), bytes.begin());
    bytes[kValueBytes] = place.window.part;
    std::memcpy(bytes.data() + kValueBytes + 1, place.meter.data(), place.meter.size());
    return bytes;
}

unsigned char* raw(std::byte* bytes) {
    return reinterpret_cast<unsigned char*>(bytes);
}

const unsigned char* raw(const std::byte* bytes) {
    return reinterpret_cast<const unsigned char*>(bytes);
}

}  // namespace

struct SpoolCipher::Context {
    EVP_CIPHER_CTX* handle = EVP_CIPHER_CTX_new();

    Context() {
        // The cipher is looked up once; what follows sets key and nonce only.
        if (handle == nullptr || !start(true, nullptr, nullptr, EVP_chacha20_poly1305()))
            throw std::runtime_error("ChaCha20-Poly1305 is not available from OpenSSL");
    }
    Context(const Context&) = delete;
    Context& operator=(const Context&) = delete;
    ~Context() {
        EVP_CIPHER_CTX_free(handle);  // wipes the key it holds
    }

    bool start(
        bool seals,
        const unsigned char* key,
        const unsigned char* nonce,
        const EVP_CIPHER* cipher = nullptr
    ) const {
        return EVP_CipherInit_ex(handle, cipher, nullptr, key, nonce, seals ? 1 : 0) == 1;
    }

    // The additional data, then the value, either way.
    bool turn(const SpoolPlace& place, const unsigned char* from, unsigned char* into) const {
        const auto bound = bytes_of(place);
        int length = 0;
        return EVP_CipherUpdate(
                   handle, nullptr, &length, bound.data(), static_cast<int>(bound.size())
               ) == 1 &&
               EVP_CipherUpdate(handle, into, &length, from, kValueBytes) == 1;
    }

    bool finish(unsigned char* into) const {
        int length = 0;
        return EVP_CipherFinal_ex(handle, into, &length) == 1;
    }
};

SpoolCipher::SpoolCipher(EntropySource& entropy)
    : entropy_(entropy), context_(std::make_unique<Context>()) {}

SpoolCipher::~SpoolCipher() = default;

model::Result<SpoolCipher::Sealed> SpoolCipher::seal(
    const anonymise::Key& key, const SpoolPlace& place, std::int64_t value
) {
    Sealed sealed{};
    if (auto drawn = entropy_.fill(std::span(sealed).first(kNonceBytes)); !drawn)
        return drawn.error();
    unsigned char* nonce = raw(sealed.data());
    unsigned char* tag = nonce + kNonceBytes + kValueBytes;
    Value plain = little_endian(value);
    const bool done = context_->start(true, key.bytes().data(), nonce) &&
                      context_->turn(place, plain.data(), nonce + kNonceBytes) &&
                      context_->finish(tag) &&
                      EVP_CIPHER_CTX_ctrl(
                          context_->handle, EVP_CTRL_AEAD_GET_TAG, static_cast<int>(kTagBytes), tag
                      ) == 1;
    OPENSSL_cleanse(plain.data(), plain.size());
    if (!done) return Errc::failed;
    return sealed;
}

model::Result<std::int64_t> SpoolCipher::open(
    const anonymise::Key& key, const SpoolPlace& place, std::span<const std::byte> sealed
) {
    if (sealed.size() != kSealedBytes) return Errc::unauthentic;
    const unsigned char* nonce = raw(sealed.data());
    std::array<unsigned char, kTagBytes> tag{};
    std::memcpy(tag.data(), nonce + kNonceBytes + kValueBytes, kTagBytes);
    Value plain{};
    const bool done =
        context_->start(false, key.bytes().data(), nonce) &&
        EVP_CIPHER_CTX_ctrl(
            context_->handle, EVP_CTRL_AEAD_SET_TAG, static_cast<int>(kTagBytes), tag.data()
        ) == 1 &&
        context_->turn(place, nonce + kNonceBytes, plain.data()) &&
        context_->finish(plain.data() + kValueBytes);
    const std::int64_t value = number_of(plain);
    OPENSSL_cleanse(plain.data(), plain.size());
    if (!done) return Errc::unauthentic;
    return value;
}

}  // namespace gateway::aggregate
