#pragma once
#include "gateway/anonymise/recipient_names.hpp"
#include "gateway/anonymise/stored_attributes.hpp"
#include "gateway/model/decimal.hpp"
#include "gateway/model/time.hpp"
#include "gateway/settings/settings.hpp"

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace gateway::anonymise {

// What one recipient gets of the stored fields of one dataset: the second step behind Policy. The
// contract's rules are applied to what is stored, and what is stored as a pseudonym becomes a name
// that only this recipient knows. Each result depends on the stored field, the reading's time and
// the recipient's key alone. Not thread-safe.
//
// What waits may have been stored under rules that the configuration no longer has. A field that it
// does not name is known by its shape: what looks like a pseudonym is taken for one.
class RecipientRules {
  public:
    RecipientRules(const settings::Dataset& dataset, const settings::Uplink& uplink);

    // False where devices, times and values leave as they are stored.
    bool changes_readings() const { return changes_readings_; }

    // Gets the recipient's key; before the first field. May block.
    model::Result<void> prepare(KeySource& keys) { return names_.prepare(keys); }

    // Names change where an epoch of the contract begins. The latest beginning up to `at`: while it
    // is the same, a device or attributes become the same.
    model::Instant epoch_of(model::Instant at) const;
    bool has_epochs() const { return !epochs_.empty(); }

    // The fields of a reading whose stored time is `at`. Nothing if the field cannot be brought
    // under its rule: then the reading must not leave. A device that may not be told is empty.
    std::optional<std::string> device(std::string_view stored, model::Instant at);
    model::Instant time(model::Instant at) const;
    std::optional<model::Decimal> value(model::Decimal stored) const;

    struct Attributes {
        std::string json;            // "{}" if none is left
        std::uint32_t withheld = 0;  // left out since their rule cannot be applied to them
    };
    // Nothing if what is stored cannot be read.
    std::optional<Attributes> attributes(std::string_view stored, model::Instant at);

  private:
    settings::Rule rule_of(std::string_view field, std::string_view text) const;
    bool append_value(
        std::string& json,
        const settings::Rule& rule,
        const model::Attribute& attribute,
        model::Instant at
    );

    RecipientNames names_;
    std::map<std::string, settings::Rule, std::less<>> rules_;  // of the fields that are stored
    std::vector<std::chrono::seconds> epochs_;
    bool is_list_ = false;  // a field without a rule does not leave
    bool changes_readings_ = false;
    StoredAttributes stored_;
};

}  // namespace gateway::anonymise
