#pragma once
#include "gateway/anonymise/key_store.hpp"
#include "gateway/anonymise/pseudonym.hpp"
#include "gateway/model/refusal.hpp"
#include "gateway/settings/settings.hpp"

#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace gateway::anonymise {

// An identity as a field's rule hashes or keeps it; nothing if it is not of the rule's form, or if
// the rule keeps no identity.
std::optional<std::string> identity_under(
    const settings::Dataset& dataset, std::string_view field, std::string_view identity
);

// Looks a token up in the vault of a dataset; nothing when the identity has none.
using TokenFinder = std::function<
    model::Result<std::optional<std::string>>(const Pseudonymiser::Fingerprint& identity)>;

// What the names in a store were made with.
struct NameSources {
    std::span<const std::string> key_names;  // that there are
    KeySource& keys;
    const TokenFinder& find_token;
};

// The texts that may stand in the store for an identity which a person presents: under the rule
// `pseudonym` one for each epoch of the dataset whose key is there is, whatever the length
// of the epochs was; under `token` what the vault has; under `keep` the identity itself. Of an
// attribute they are JSON, of "device" plain texts. A fault if the dataset's rules keep nothing
// that could be told by the field, or the identity is not of the rule's form, or a key cannot be
// read (store_failed).
model::Decoded<std::vector<std::string>> stored_forms(
    const settings::Dataset& dataset,
    std::string_view field,
    std::string_view identity,
    const NameSources& sources
);

}  // namespace gateway::anonymise
