#pragma once
#include "gateway/firmware/manifest.hpp"
#include "gateway/model/result.hpp"

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace gateway::firmware {

using PublicKey = std::array<unsigned char, 32>;
using Signature = std::array<unsigned char, 64>;

enum class ManifestFault : std::uint8_t {
    malformed,   // no SignedManifest of proto/passerelle/v1, or beyond one of its bounds
    not_signed,  // with none of the keys
};

// What a signed manifest says, whoever has signed it.
model::Result<Manifest, ManifestFault> read_manifest(std::string_view signed_manifest);

// The same of one that is signed with one of the keys. Whether its time is over is for the caller,
// who has a clock.
model::Result<Manifest, ManifestFault> open_manifest(
    std::string_view signed_manifest, const std::vector<PublicKey>& keys
);

// The bytes of a manifest, which is within its bounds.
std::string encode(const Manifest& manifest);

// What is signed of these bytes: behind a word that says what they are.
std::string signed_bytes(std::string_view manifest);

// The bytes of both together.
std::string make_signed(std::string manifest, const Signature& signature);

}  // namespace gateway::firmware
