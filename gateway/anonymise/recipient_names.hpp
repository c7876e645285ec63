#pragma once
#include "gateway/anonymise/key_store.hpp"
#include "gateway/anonymise/pseudonym.hpp"
#include "gateway/model/time.hpp"

#include <chrono>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

namespace gateway::anonymise {

// The names that one recipient knows the fields of one dataset by (a pseudonymisation domain, EDPB
// guidelines 01/2025): pseudonyms under the recipient's own key, made of what is stored, which is
// mostly a pseudonym already. Two recipients share none, and neither can tell a stored one.
//
// A name depends on the recipient's key, the dataset, the field, the epoch of the reading's time
// and what is stored, and on nothing else: the same in every run and for every uplink of the
// recipient. The epoch is hashed, not a key of its own: times come from devices, and who chooses
// them must not be able to have keys made. Not thread-safe.
class RecipientNames {
  public:
    static constexpr std::size_t kNamesMax = 20'000;  // remembered; beyond it from the start again

    RecipientNames(std::string_view recipient, std::string dataset);

    // Gets the recipient's key unless it is there; before the first name. May block.
    model::Result<void> prepare(KeySource& keys);

    // `epoch` 0: the same name for ever.
    std::string name(
        std::string_view field,
        std::chrono::seconds epoch,
        model::Instant at,
        std::string_view stored
    );

    // The name of the recipient's key at its source. No dataset's key has it: a dataset's name has
    // no '@'.
    static std::string key_name(std::string_view recipient);

  private:
    std::string key_name_;
    std::string dataset_;
    std::optional<Pseudonymiser> pseudonymiser_;
    std::unordered_map<std::string, std::string> names_;
    std::string domain_;  // reused from name to name
};

// The number of the epoch that holds a time, from 1970 in UTC; 0 for an epoch of 0.
std::int64_t epoch_number(std::chrono::seconds epoch, model::Instant at);

}  // namespace gateway::anonymise
