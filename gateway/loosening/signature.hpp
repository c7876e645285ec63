#pragma once
#include <optional>
#include <string>
#include <string_view>

namespace gateway::loosening {

// A pair of Ed25519 keys (RFC 8032) as texts, see gateway/runtime/key_text.hpp.
struct SigningKeys {
    std::string public_key;   // into the configuration
    std::string private_key;  // the seed; with the city
};
SigningKeys make_signing_keys();

// The signature of a configuration, in base64: Ed25519 over "passerelle configuration 1", a zero
// byte, and the exact bytes of the file. Signatures of anything else are none of it. Nothing when
// the text is no private key.
std::optional<std::string> sign(std::string_view private_key, std::string_view configuration);

bool is_signed_by(
    std::string_view public_key, std::string_view configuration, std::string_view signature
);

}  // namespace gateway::loosening
