#pragma once
#include "gateway/anonymise/key_store.hpp"
#include "gateway/anonymise/recipient_rules.hpp"
#include "gateway/buffer/batch.hpp"
#include "gateway/settings/settings.hpp"

#include <cstdint>
#include <optional>

namespace gateway::forward {

// A batch as its recipient gets it.
struct Shaped {
    buffer::Batch batch;
    std::uint64_t fields_withheld = 0;  // attributes left out since their rule does not fit them
    // Erasures that cannot be told: under a contract with epochs of its own a device has a name for
    // each, and nobody knows which the recipient has.
    std::uint64_t erasures_untold = 0;
};

// What one recipient gets of one dataset, and until when. The same batch becomes the same bytes at
// every call and in every run: nothing but the batch, the settings and the recipient's key decide.
// Not thread-safe.
class Contract {
  public:
    // A dataset of which the configuration knows nothing any more has a name only.
    Contract(const settings::Dataset& dataset, const settings::Uplink& uplink);

    // Nothing of the dataset leaves from then on.
    const std::optional<model::Instant>& until() const { return until_; }

    // False: it leaves as it is stored, and apply() need not be called.
    bool changes(const buffer::Batch& batch) const;

    // Gets the recipient's key; before the first apply(). May block.
    model::Result<void> prepare(anonymise::KeySource& keys) { return rules_.prepare(keys); }

    // Sequences, quantities and the order of the readings stay, and gaps, whose times come under
    // the rule for time as the readings' do. The dictionaries are in the order of their first use,
    // without duplicates and without entries that no reading uses. Nothing if a reading cannot be
    // brought under the contract: it must not leave, and a batch without it would be another batch.
    std::optional<Shaped> apply(const buffer::Batch& batch);

  private:
    anonymise::RecipientRules rules_;
    std::optional<model::Instant> until_;
};

}  // namespace gateway::forward
