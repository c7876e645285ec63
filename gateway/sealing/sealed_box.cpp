#include "gateway/sealing/sealed_box.hpp"

#include "gateway/runtime/key_text.hpp"

#include <sodium.h>

#include <stdexcept>

namespace gateway::sealing {
namespace {

static_assert(crypto_box_PUBLICKEYBYTES == 32 && crypto_box_SECRETKEYBYTES == 32);
static_assert(Seal::kOverheadBytes == crypto_box_SEALBYTES);

void start_library() {
    if (sodium_init() < 0) throw std::runtime_error("libsodium cannot be started");
}

const unsigned char* raw(std::string_view text) {
    return reinterpret_cast<const unsigned char*>(text.data());
}

unsigned char* raw(std::string& text) {
    return reinterpret_cast<unsigned char*>(text.data());
}

}  // namespace

KeyPair make_key_pair() {
    start_library();
    std::array<unsigned char, crypto_box_PUBLICKEYBYTES> public_key{};
    std::array<unsigned char, crypto_box_SECRETKEYBYTES> private_key{};
    crypto_box_keypair(public_key.data(), private_key.data());
    KeyPair keys{runtime::key_text(public_key), runtime::key_text(private_key)};
    sodium_memzero(private_key.data(), private_key.size());
    return keys;
}

std::optional<Seal> Seal::for_key(std::string_view public_key) {
    start_library();
    Seal seal;
    if (!runtime::parse_key(public_key, seal.public_key_)) return std::nullopt;
    // A point of low order gives the same secret to everybody: the library refuses to use it.
    if (seal.seal("").empty()) return std::nullopt;
    return seal;
}

std::string Seal::seal(std::string_view bytes) const {
    std::string sealed(bytes.size() + kOverheadBytes, '\0');
    if (crypto_box_seal(raw(sealed), raw(bytes), bytes.size(), public_key_.data()) != 0)
        sealed.clear();
    return sealed;
}

std::optional<Opener> Opener::with(std::string_view private_key) {
    start_library();
    Opener opener;
    if (!runtime::parse_key(private_key, opener.private_key_)) return std::nullopt;
    crypto_scalarmult_base(opener.public_key_.data(), opener.private_key_.data());
    return opener;
}

Opener::Opener(Opener&& other) noexcept
    : public_key_(other.public_key_), private_key_(other.private_key_) {
    sodium_memzero(other.private_key_.data(), other.private_key_.size());
}

Opener::~Opener() {
    sodium_memzero(private_key_.data(), private_key_.size());
}

std::optional<std::string> Opener::open(std::string_view sealed) const {
    if (sealed.size() < Seal::kOverheadBytes) return std::nullopt;
    std::string bytes(sealed.size() - Seal::kOverheadBytes, '\0');
    const int failed = crypto_box_seal_open(
        raw(bytes), raw(sealed), sealed.size(), public_key_.data(), private_key_.data()
    );
    if (failed != 0) return std::nullopt;
    return bytes;
}

}  // namespace gateway::sealing
