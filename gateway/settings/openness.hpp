#pragma once
#include "gateway/settings/settings.hpp"

#include <string>
#include <vector>

namespace gateway::settings {

// Whether a field may tell more under `now` than it did under `before`. Where the two cannot be
// ordered (a pseudonym and a network, steps that do not divide each other) the answer is yes: a
// person must look.
bool is_more_open(const Rule& before, const Rule& now);

// One thing that a change of the configuration opens.
struct Opening {
    enum class Kind {
        dataset,    // that was not there
        field,      // whose rule lets more pass; `before` and `now` are its rules as written
        recipient,  // who did not get the dataset
        retention,  // that is longer; `before` and `now` are durations
        consent,    // that is named no more
        sum,        // that adds to the dataset: a new one, or `now` may tell more than `before`
        // Of an uplink that took the dataset before:
        contract,  // that lets more of a field pass; `field` is its name
        domain,    // whose pseudonyms they are, others now: `before` and `now` are recipients
        country,   // that the readings did not go to; `before` may be empty
        term,      // that ends later or never; `before` and `now` are dates, empty where there
                   // is no end
        mapping,   // of a message: `subject` is taken from `now`, where nothing was before
        // Of the whole gateway, without a dataset:
        loosening_key,   // that is another one, or none any more
        key_protection,  // that is weaker; `before` and `now` as written
        officer,         // whose public key is `now`, and who could not open the quarantine
    } kind = Kind::field;
    std::string dataset;
    std::string subject;  // the field or the uplink
    std::string before;
    std::string now;
    std::string field{};  // of a contract
};

// What `now` opens that `before` did not: of the whole gateway, then in the order of `now`'s
// datasets. Datasets are known by their names and uplinks by name and address: another address is
// another recipient. A dataset's rules and a contract's are compared each by itself: what one opens
// the other may close.
std::vector<Opening> openings(const Settings& before, const Settings& now);

}  // namespace gateway::settings
