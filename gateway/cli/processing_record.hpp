#pragma once
#include "gateway/cli/exposure.hpp"
#include "gateway/cli/transport.hpp"
#include "gateway/settings/settings.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace gateway::cli {

// The record of processing activities (GDPR art. 30), made of a configuration. Sentences are in the
// language that was chosen when it was made. What the register shows as text, page and JSON, and
// what the charter tells, are views of this.

// A field as it is stored or delivered.
struct RecordedField {
    std::string name;
    std::optional<settings::FieldClass> belongs_to;
    settings::Rule rule;
    bool passes = true;
    bool has_rule = true;  // written for it; without one it is known to come, and dropped
};

struct RecordedSource {
    std::string name;
    std::string format;
    Transport transport;
};

// A dataset at one recipient.
struct RecordedDelivery {
    std::string uplink;
    std::string recipient;
    Transport transport;
    std::string country;       // empty: the city's own
    bool is_transfer = false;  // to a country that the profile's law calls another one
    std::string transfer_ref;
    std::string purpose;
    std::string legal_basis;
    std::string reference;  // the agreement; empty: there is no contract
    std::optional<model::Instant> until;
    std::vector<RecordedField> fields;  // of those that are stored
    Exposure exposure;
};

// A dataset: one processing activity.
struct RecordedActivity {
    std::string dataset;
    std::string title;
    std::string description;
    std::string purpose;
    std::string legal_basis;
    std::string consent_ref;
    bool consent_each = false;
    std::string subjects;
    settings::seconds retention{};
    std::vector<RecordedSource> sources;
    const settings::Sum* sum = nullptr;  // that the dataset is made of; lives in the settings
    std::vector<RecordedField> fields;   // that are known to come; any other is dropped
    Exposure exposure;
    std::vector<RecordedDelivery> deliveries;
};

// What a complete record would say and the configuration does not.
struct RecordGap {
    std::string key;   // "register.officer", "dataset.water.subjects"
    std::string text;  // what is missing
};

struct ProcessingRecord {
    settings::Gateway gateway;
    settings::Register about;
    std::vector<RecordedActivity> activities;
    std::vector<std::string> measures;  // of security, a sentence each
    std::vector<RecordGap> gaps;
};

// `settings` outlives the record. `language`, "fr" or "en", chooses among the wordings of the
// configuration.
ProcessingRecord make_record(const settings::Settings& settings, std::string_view language);

}  // namespace gateway::cli
