#include "gateway/firmware/signing.hpp"

#include "gateway/firmware/signed_manifest.hpp"
#include "gateway/runtime/key_text.hpp"

#include <sodium.h>

#include <array>
#include <stdexcept>

namespace gateway::firmware {
namespace {

const unsigned char* raw(const std::string& text) {
    return reinterpret_cast<const unsigned char*>(text.data());
}

}  // namespace

std::optional<std::string> sign(std::string_view private_key, const Manifest& manifest) {
    if (sodium_init() < 0) throw std::runtime_error("libsodium cannot be started");
    std::array<unsigned char, crypto_sign_SEEDBYTES> seed{};
    if (!runtime::parse_key(private_key, seed)) return std::nullopt;
    std::array<unsigned char, crypto_sign_PUBLICKEYBYTES> public_key{};
    std::array<unsigned char, crypto_sign_SECRETKEYBYTES> secret{};
    crypto_sign_seed_keypair(public_key.data(), secret.data(), seed.data());
    sodium_memzero(seed.data(), seed.size());
    std::string encoded = encode(manifest);
    const std::string message = signed_bytes(encoded);
    Signature signature{};
    crypto_sign_detached(signature.data(), nullptr, raw(message), message.size(), secret.data());
    sodium_memzero(secret.data(), secret.size());
    return make_signed(std::move(encoded), signature);
}

}  // namespace gateway::firmware
