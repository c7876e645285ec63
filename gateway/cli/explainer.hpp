#pragma once
#include "gateway/anonymise/policy.hpp"
#include "gateway/anonymise/recipient_rules.hpp"
#include "gateway/anonymise/throwaway_keys.hpp"
#include "gateway/anonymise/token_source.hpp"
#include "gateway/ingest/admission.hpp"
#include "gateway/model/quantity.hpp"
#include "gateway/model/reading.hpp"
#include "gateway/settings/settings.hpp"

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace gateway::cli {

// One field of a reading before and after the rules.
struct ExplainedField {
    std::string name;
    std::string before;                // as JSON
    std::optional<std::string> after;  // as JSON; nothing: it does not pass
    std::string rule;                  // as it is written; empty where there is none
    std::string reason;                // in words
};

// What one recipient gets of a reading that is stored.
struct ExplainedDelivery {
    std::string reading;                  // JSON; empty: it does not leave
    std::vector<ExplainedField> changes;  // the fields that do not leave as they are stored
    std::string withheld;                 // why it does not leave, in words
};

// What a dataset's rules make of one reading.
struct Explanation {
    std::string device;  // as it was sent
    std::string quantity;
    std::string unit_before;
    std::string unit_after;
    std::vector<ExplainedField> fields;
    std::vector<ExplainedDelivery> deliveries;  // in the order of Explainer::uplinks()
    std::optional<model::Fault> refusal;        // why it is not stored; then nothing is delivered
};

// Sends readings through admission, a dataset's rules and each recipient's contract as the gateway
// would and tells what happens to each field. Pseudonyms are made with keys that are thrown away:
// those of the gateway are not touched.
class Explainer {
  public:
    // All outlive the explainer.
    Explainer(
        const settings::Settings& settings,
        const settings::Dataset& dataset,
        const runtime::WallClock& clock
    );

    // `memory` holds what the reading's texts need.
    Explanation explain(const model::Reading& reading, model::Readings& memory);

    // The uplinks that take the dataset.
    const std::vector<const settings::Uplink*>& uplinks() const { return uplinks_; }

  private:
    ExplainedField field(
        std::string_view name, std::string before, std::optional<std::string> after
    ) const;
    void add_attributes(Explanation& explanation, const model::Reading& reading);
    void add_deliveries(Explanation& explanation, const model::PublicReading& stored);
    ExplainedDelivery delivery(std::size_t uplink, const model::PublicReading& stored);

    const settings::Dataset& dataset_;
    const runtime::WallClock& clock_;
    model::Vocabulary vocabulary_;
    ingest::Admission admission_{vocabulary_};
    anonymise::ThrowawayKeys keys_;
    anonymise::ThrowawayTokens tokens_;
    anonymise::Policy policy_;
    std::vector<const settings::Uplink*> uplinks_;
    std::vector<std::unique_ptr<anonymise::RecipientRules>> recipients_;  // of each uplink
};

}  // namespace gateway::cli
