#include "gateway/cli/recipient_words.hpp"

#include "gateway/cli/rule_words.hpp"
#include "gateway/language/translate.hpp"
#include "gateway/settings/recipient_terms.hpp"
#include "gateway/settings/rule_text.hpp"
#include "gateway/status/words.hpp"

namespace gateway::cli {
namespace {

using language::tr;

const settings::Contract* contract_of(const SentField& field) {
    return settings::contract_for(field.uplink, field.dataset.name);
}

settings::Rule rule_of(const SentField& field) {
    return settings::rule_towards(field.dataset, contract_of(field), field.field);
}

bool is_named(const SentField& field) {
    const auto* contract = contract_of(field);
    return contract != nullptr && contract->fields.contains(field.field);
}

std::string name_sentence(const settings::Pseudonym& rule, const std::string& recipient) {
    std::string name = tr("becomes a name that only {0} gets", {recipient});
    if (rule.epoch.count() == 0) return name;
    return tr(
        "{0}, and another one every {1} of the readings' time",
        {name, status::duration_words(rule.epoch.count())}
    );
}

}  // namespace

std::string sent_outcome(const SentField& field) {
    return sent_outcome(rule_of(field));
}

std::string sent_outcome(const settings::Rule& rule) {
    if (std::holds_alternative<settings::Keep>(rule)) return tr("as stored");
    if (std::holds_alternative<settings::Drop>(rule)) return tr("not sent");
    const auto* pseudonym = std::get_if<settings::Pseudonym>(&rule);
    if (pseudonym == nullptr) return rule_outcome(rule);
    if (pseudonym->epoch.count() == 0) return tr("a name of its own");
    return tr(
        "a name of its own, new every {0}", {status::duration_words(pseudonym->epoch.count())}
    );
}

std::string sent_sentence(const SentField& field) {
    const auto rule = rule_of(field);
    if (const auto* pseudonym = std::get_if<settings::Pseudonym>(&rule))
        return name_sentence(*pseudonym, settings::recipient_of(field.uplink));
    if (!std::holds_alternative<settings::Drop>(rule)) return rule_sentence(rule);
    return is_named(field) ? tr("is not sent, as the contract says")
                           : tr("is not sent, since the contract does not name it");
}

std::string sent_rule(const SentField& field) {
    if (!is_named(field)) return {};
    return settings::to_string(contract_of(field)->fields.at(field.field));
}

std::string recipient_title(const settings::Uplink& uplink) {
    if (uplink.recipient.empty() || uplink.recipient == uplink.name) return uplink.name;
    return tr("{0} (recipient {1})", {uplink.name, uplink.recipient});
}

}  // namespace gateway::cli
