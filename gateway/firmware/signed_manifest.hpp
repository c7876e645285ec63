#pragma once
#include "gateway/firmware/manifest.hpp"
#include "gateway/model/result.hpp"
#include "gateway/sealing/signature.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace gateway::firmware {

using sealing::PublicKey;
using sealing::Signature;

enum class ManifestFault : std::uint8_t {
    malformed,   // no signed manifest of the form that is known, or beyond its bounds
    not_signed,  // by none of the keys
};

// A manifest beside its signature, as it goes to a device in one frame.
inline constexpr std::size_t kSignedManifestBytesMax = 242;

// What is signed, beside these words (gateway/sealing/signature.hpp).
inline constexpr std::string_view kManifestContext = "passerelle-manifest-1";

// Manifest of proto/passerelle/v1: the bytes to be signed. Within its bounds.
std::string encode(const Manifest& manifest);

// SignedManifest of proto/passerelle/v1.
std::string make_signed(std::string manifest, const Signature& signature);

// What is in it, whoever signed it.
model::Result<Manifest, ManifestFault> read_manifest(std::string_view signed_manifest);

// What is in it, where one of these keys signed exactly these bytes. Whether it has expired is for
// the caller, who has a clock.
model::Result<Manifest, ManifestFault> open_manifest(
    std::string_view signed_manifest, const std::vector<PublicKey>& keys
);

// Words of vendors, classes and nodes: [A-Za-z0-9._-].
bool is_word(std::string_view word, std::size_t bytes_max);

}  // namespace gateway::firmware
