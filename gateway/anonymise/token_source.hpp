#pragma once
#include "gateway/anonymise/pseudonym.hpp"
#include "gateway/model/refusal.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace gateway::anonymise {

// Random names for identities (ISO/IEC 20889: pseudonymisation with a table), each made when the
// identity first comes and kept in a vault. No key can compute them: when an identity's row is
// removed from the vault, nothing leads from it to the name any more. In the vault an identity is
// a keyed fingerprint.
class TokenSource {
  public:
    virtual ~TokenSource() = default;

    // The token of an identity in a dataset. limit_exceeded when the vault takes no more; then the
    // identity must not be stored. Durable at the latest with the next readings that are.
    virtual model::Decoded<std::string> token(
        std::string_view dataset, const Pseudonymiser::Fingerprint& identity
    ) = 0;

    // Another number whenever a token was forgotten: what was answered before holds no longer.
    virtual std::uint64_t generation() const = 0;
};

// A new one, from the kernel's generator.
std::string make_token();

// The key that fingerprints a dataset's identities for the vault; it never changes.
std::string token_key_name(std::string_view dataset);

// For showing: tokens that lead to nobody.
class ThrowawayTokens final : public TokenSource {
  public:
    model::Decoded<std::string> token(std::string_view, const Pseudonymiser::Fingerprint&)
        override {
        return make_token();
    }
    std::uint64_t generation() const override { return 0; }
};

}  // namespace gateway::anonymise
