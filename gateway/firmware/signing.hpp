#pragma once
#include "gateway/firmware/manifest.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace gateway::firmware {

// The bytes of a SignedManifest (proto/passerelle/v1), signed with a private key as
// loosening::make_signing_keys() makes it: the seed of Ed25519 (RFC 8032) in base64. Nothing when
// the text is no private key. The manifest is within its bounds.
std::optional<std::string> sign(std::string_view private_key, const Manifest& manifest);

}  // namespace gateway::firmware
