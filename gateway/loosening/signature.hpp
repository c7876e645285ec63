#pragma once
#include <optional>
#include <string>
#include <string_view>

namespace gateway::loosening {

// The signature of a configuration, in base64: of the exact bytes of the file, in a context of its
// own (gateway/sealing/signature.hpp). Nothing when the text is no private key.
std::optional<std::string> sign(std::string_view private_key, std::string_view configuration);

bool is_signed_by(
    std::string_view public_key, std::string_view configuration, std::string_view signature
);

}  // namespace gateway::loosening
