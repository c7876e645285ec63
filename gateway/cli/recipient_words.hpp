#pragma once
#include "gateway/settings/settings.hpp"

#include <string>

// What becomes of a stored field on its way to one recipient, in words.
namespace gateway::cli {

// A field of a dataset towards one uplink.
struct SentField {
    const settings::Dataset& dataset;
    const settings::Uplink& uplink;
    const std::string& field;
};

// In a few words for a table: "as stored", "a name of its own", "not sent", "rounded to 0.5".
std::string sent_outcome(const SentField& field);

// The same of a rule that settings::rule_towards() gave.
std::string sent_outcome(const settings::Rule& rule);

// As a sentence without its subject: "is not sent, since the contract does not name it".
std::string sent_sentence(const SentField& field);

// The contract's rule as it is written; empty where there is none.
std::string sent_rule(const SentField& field);

// What an uplink is called where its recipient matters: "city", "open (recipient portal)".
std::string recipient_title(const settings::Uplink& uplink);

}  // namespace gateway::cli
