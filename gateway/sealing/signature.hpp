#pragma once
#include <array>
#include <optional>
#include <string>
#include <string_view>

namespace gateway::sealing {

// Ed25519 (RFC 8032).
using PublicKey = std::array<unsigned char, 32>;
using Signature = std::array<unsigned char, 64>;

// A pair of keys as texts, see gateway/runtime/key_text.hpp.
struct SigningKeys {
    std::string public_key;   // into the configuration
    std::string private_key;  // the seed; with the city
};
SigningKeys make_signing_keys();

// A signature over the context, a zero byte, and the message: what is signed in one context is none
// of it in another. Nothing when the text is no private key.
std::optional<Signature> sign(
    std::string_view private_key, std::string_view context, std::string_view message
);

bool is_signed_by(
    const PublicKey& key,
    std::string_view context,
    std::string_view message,
    const Signature& signature
);

}  // namespace gateway::sealing
