#pragma once
#include "gateway/anonymise/policy.hpp"
#include "gateway/anonymise/throwaway_keys.hpp"
#include "gateway/ingest/admission.hpp"
#include "gateway/model/quantity.hpp"
#include "gateway/model/reading.hpp"
#include "gateway/settings/settings.hpp"

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

// What a dataset's rules make of one reading.
struct Explanation {
    std::string device;  // as it was sent
    std::string quantity;
    std::string unit_before;
    std::string unit_after;
    std::vector<ExplainedField> fields;
    std::string delivered;                // as an uplink's recipient gets it, JSON
    std::optional<model::Fault> refusal;  // why it is not stored; then nothing is delivered
};

// Sends readings through admission and a dataset's rules as the gateway would and tells what
// happens to each field. Pseudonyms are made with keys that are thrown away: those of the gateway
// are not touched.
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

    const settings::Dataset& dataset_;
    const runtime::WallClock& clock_;
    model::Vocabulary vocabulary_;
    ingest::Admission admission_{vocabulary_};
    anonymise::ThrowawayKeys keys_;
    anonymise::Policy policy_;
    std::vector<const settings::Uplink*> uplinks_;
};

}  // namespace gateway::cli
