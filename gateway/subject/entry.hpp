#pragma once
#include "gateway/anonymise/key_store.hpp"
#include "gateway/anonymise/pseudonym.hpp"
#include "gateway/model/time.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace gateway::subject {

// What a person wanted to happen with what a dataset is told of them.
enum class Act : std::uint8_t {
    grant,     // a consent
    revoke,    // the consent is taken back
    restrict,  // nothing is stored any more
    lift,      // the restriction ends
};

std::string_view to_string(Act act);
std::optional<Act> parse_act(std::string_view text);

// Who: a keyed hash, which only this gateway's key makes of an identity.
using Who = anonymise::Pseudonymiser::Fingerprint;

// A line of the ledger of consents and restrictions.
struct Entry {
    Act act = Act::grant;
    model::Instant at{};
    std::string dataset;
    std::string field;
    Who who{};
    std::string reference;
};

// Makes the hashes of one ledger (HMAC-SHA-256, its first 128 bits; ISO/IEC 20889: keyed
// pseudonymisation). The same person in another dataset or field has an unrelated one. One thread
// at a time.
class Hasher {
  public:
    static constexpr std::string_view kKeyName =
        "consents";  // a dataset's key has dots in its name

    explicit Hasher(const anonymise::Key& key) : keyed_(key) {}

    Who who(std::string_view dataset, std::string_view field, std::string_view identity) const;
    // Closes a line: no line before it can be changed, removed or added without the key.
    Who seal(const Who& before, std::string_view line) const;

  private:
    anonymise::Pseudonymiser keyed_;
};

std::string to_hex(const Who& who);
std::optional<Who> parse_who(std::string_view hex);

}  // namespace gateway::subject
