#include "gateway/loosening/signature.hpp"

#include "gateway/runtime/key_text.hpp"
#include "gateway/sealing/signature.hpp"

namespace gateway::loosening {
namespace {

constexpr std::string_view kContext = "passerelle configuration 1";

}  // namespace

std::optional<std::string> sign(std::string_view private_key, std::string_view configuration) {
    const auto signature = sealing::sign(private_key, kContext, configuration);
    if (!signature) return std::nullopt;
    return runtime::key_text(*signature);
}

bool is_signed_by(
    std::string_view public_key, std::string_view configuration, std::string_view signature
) {
    sealing::PublicKey key{};
    sealing::Signature bytes{};
    if (!runtime::parse_key(public_key, key) || !runtime::parse_key(signature, bytes)) return false;
    return sealing::is_signed_by(key, kContext, configuration, bytes);
}

}  // namespace gateway::loosening
