#pragma once
#include "gateway/anonymise/key_store.hpp"
#include "gateway/anonymise/pseudonym.hpp"
#include "gateway/anonymise/token_source.hpp"
#include "gateway/model/public_reading.hpp"
#include "gateway/model/reading.hpp"
#include "gateway/model/refusal.hpp"
#include "gateway/settings/settings.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace gateway::anonymise {

// A reading that passed admission: its quantity is known, its value is a number in the quantity's
// unit.
struct Admitted {
    const model::Reading& reading;
    const model::Quantity& quantity;
    model::Decimal value;
};

// A dataset's rules, and the only maker of PublicReading. Fail-closed: a field that no rule names
// is dropped and counted, a rule that cannot be applied to what a field holds drops the field, and
// a reading whose device, time or value cannot be brought to the rule is refused. Lives on the
// reactor; pure but for the keys it asks for.
class Policy {
  public:
    // Both sources outlive the policy.
    Policy(const settings::Dataset& dataset, KeySource& keys, TokenSource& tokens);

    // Makes sure that the keys of the epoch of `now` are there; called at start, before each frame
    // (cheap), and it empties a full cache. Epochs never go back, whatever a clock does. An error
    // means that no reading may be taken: without a key nothing is anonymous.
    model::Result<void> prepare(model::Instant now);

    // The reading as it may be stored. Texts of the result live in `memory` or in the policy until
    // prepare() is called again. prepare() must have succeeded.
    model::Decoded<model::PublicReading> apply(const Admitted& admitted, model::Readings& memory);

    // The name that the rules leave of a device of which a reading was refused; empty if they leave
    // none, or if a token would have to be made for it. Where it lives, and what it needs: as
    // apply().
    std::string_view stored_name(std::string_view device, model::Readings& memory);

    // What a stored reading holds of this attribute, as JSON; nothing if it does not pass. For
    // showing: what is stored is made by apply(), by the same rules.
    std::optional<std::string> attribute_under_its_rule(const model::Attribute& attribute);

    // Fields dropped because no rule lets them pass, since the start.
    std::uint64_t fields_dropped() const { return fields_dropped_; }

  private:
    // A pseudonym rule's key for the current epoch. Each field of a dataset shares the dataset's
    // key; the field's name is part of what is hashed.
    struct Epoch {
        std::chrono::seconds length{};
        std::int64_t number = -1;
        std::optional<Pseudonymiser> pseudonymiser;
    };

    struct Field {
        settings::Rule rule;
        NamePrints prints;  // the same identity in two fields has two names
    };

    model::Decoded<std::string_view> device_of(std::string_view device, model::Readings& memory);
    model::Result<void> prepare_tokens();
    model::Decoded<std::string_view> pseudonym_of_device(
        const Field& field, std::string_view device
    );
    model::Decoded<std::string_view> name_of(
        std::string_view name, const Field& field, std::string_view identity
    );
    model::Decoded<std::string> new_name_of(
        std::string_view name, const settings::Pseudonym& rule, std::string_view identity
    );
    bool append_attribute(const model::Attribute& attribute);
    bool append_value(const Field& field, const model::Attribute& attribute);
    std::string_view attributes_of(const model::Reading& reading, model::Readings& memory);
    const Field* field_of(std::string_view name) const;
    const settings::Rule* rule_of(std::string_view name) const;
    Epoch& epoch_of(const settings::Pseudonym& rule);

    std::string dataset_;
    KeySource& keys_;
    TokenSource& tokens_;
    bool has_tokens_ = false;                        // some rule asks for them
    std::optional<Pseudonymiser> token_identities_;  // fingerprints for the vault
    std::uint64_t token_generation_ = 0;
    std::map<std::string, Field, std::less<>> fields_;
    std::vector<Epoch> epochs_;  // one for each epoch length that the rules use
    PseudonymCache names_;
    std::vector<const model::Attribute*> sorted_;  // reused from reading to reading
    std::string json_;
    std::uint64_t fields_dropped_ = 0;
};

}  // namespace gateway::anonymise
