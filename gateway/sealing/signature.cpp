#include "gateway/sealing/signature.hpp"

#include "gateway/runtime/key_text.hpp"

#include <sodium.h>

#include <stdexcept>

namespace gateway::sealing {
namespace {

static_assert(std::tuple_size_v<PublicKey> == crypto_sign_PUBLICKEYBYTES);
static_assert(std::tuple_size_v<Signature> == crypto_sign_BYTES);

using Seed = std::array<unsigned char, crypto_sign_SEEDBYTES>;

// A secret key of the library, wiped when it goes.
struct SecretKey {
    std::array<unsigned char, crypto_sign_SECRETKEYBYTES> bytes{};

    SecretKey() = default;
    SecretKey(const SecretKey&) = delete;
    SecretKey& operator=(const SecretKey&) = delete;
    ~SecretKey() { sodium_memzero(bytes.data(), bytes.size()); }
};

void start_library() {
    if (sodium_init() < 0) throw std::runtime_error("libsodium cannot be started");
}

std::string signed_bytes(std::string_view context, std::string_view message) {
    std::string bytes(context);
    bytes += '\0';
    bytes += message;
    return bytes;
}

const unsigned char* raw(std::string_view text) {
    return reinterpret_cast<const unsigned char*>(text.data());
}

}  // namespace

SigningKeys make_signing_keys() {
    start_library();
    Seed seed{};
    randombytes_buf(seed.data(), seed.size());
    PublicKey public_key{};
    SecretKey secret;
    crypto_sign_seed_keypair(public_key.data(), secret.bytes.data(), seed.data());
    SigningKeys keys{runtime::key_text(public_key), runtime::key_text(seed)};
    sodium_memzero(seed.data(), seed.size());
    return keys;
}

std::optional<Signature> sign(
    std::string_view private_key, std::string_view context, std::string_view message
) {
    start_library();
    Seed seed{};
    if (!runtime::parse_key(private_key, seed)) return std::nullopt;
    PublicKey public_key{};
    SecretKey secret;
    crypto_sign_seed_keypair(public_key.data(), secret.bytes.data(), seed.data());
    sodium_memzero(seed.data(), seed.size());
    const std::string bytes = signed_bytes(context, message);
    Signature signature{};
    crypto_sign_detached(signature.data(), nullptr, raw(bytes), bytes.size(), secret.bytes.data());
    return signature;
}

bool is_signed_by(
    const PublicKey& key,
    std::string_view context,
    std::string_view message,
    const Signature& signature
) {
    start_library();
    const std::string bytes = signed_bytes(context, message);
    return crypto_sign_verify_detached(signature.data(), raw(bytes), bytes.size(), key.data()) == 0;
}

}  // namespace gateway::sealing
