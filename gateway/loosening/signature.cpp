#include "gateway/loosening/signature.hpp"

#include "gateway/runtime/key_text.hpp"

#include <sodium.h>

#include <array>
#include <stdexcept>

namespace gateway::loosening {
namespace {

using PublicKey = std::array<unsigned char, crypto_sign_PUBLICKEYBYTES>;
using Signature = std::array<unsigned char, crypto_sign_BYTES>;
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

std::string message_of(std::string_view configuration) {
    using namespace std::literals;
    return std::string("passerelle configuration 1\0"sv) += configuration;
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

std::optional<std::string> sign(std::string_view private_key, std::string_view configuration) {
    start_library();
    Seed seed{};
    if (!runtime::parse_key(private_key, seed)) return std::nullopt;
    PublicKey public_key{};
    SecretKey secret;
    crypto_sign_seed_keypair(public_key.data(), secret.bytes.data(), seed.data());
    sodium_memzero(seed.data(), seed.size());
    const std::string message = message_of(configuration);
    Signature signature{};
    crypto_sign_detached(
        signature.data(), nullptr, raw(message), message.size(), secret.bytes.data()
    );
    return runtime::key_text(signature);
}

bool is_signed_by(
    std::string_view public_key, std::string_view configuration, std::string_view signature
) {
    start_library();
    PublicKey key{};
    Signature bytes{};
    if (!runtime::parse_key(public_key, key) || !runtime::parse_key(signature, bytes)) return false;
    const std::string message = message_of(configuration);
    return crypto_sign_verify_detached(bytes.data(), raw(message), message.size(), key.data()) == 0;
}

}  // namespace gateway::loosening
