#include "gateway/anonymise/recipient_rules.hpp"

#include "gateway/anonymise/attribute_rules.hpp"
#include "gateway/anonymise/canonical_form.hpp"
#include "gateway/anonymise/coarsen.hpp"
#include "gateway/anonymise/reading_fields.hpp"
#include "gateway/model/json_text.hpp"
#include "gateway/settings/recipient_terms.hpp"

#include <algorithm>
#include <array>

namespace gateway::anonymise {
namespace {

bool is_kept(const settings::Rule& rule) {
    return std::holds_alternative<settings::Keep>(rule);
}

std::string_view text_of(const model::Attribute& attribute) {
    const auto* text = std::get_if<std::string_view>(&attribute.value);
    return text != nullptr ? *text : std::string_view{};
}

}  // namespace

RecipientRules::RecipientRules(const settings::Dataset& dataset, const settings::Uplink& uplink)
    : names_(settings::recipient_of(uplink), dataset.name) {
    const auto* contract = settings::contract_for(uplink, dataset.name);
    is_list_ = contract != nullptr && !contract->fields.empty();
    for (const auto& [field, stored] : dataset.fields) {
        if (!std::holds_alternative<settings::Drop>(stored))
            rules_.emplace(field, settings::rule_towards(dataset, contract, field));
    }
    for (const auto always : {kTimeField, kValueField}) {
        const std::string field{always};
        rules_.emplace(field, settings::rule_towards(dataset, contract, field));
    }
    for (const auto& [field, rule] : rules_) {
        const auto* pseudonym = std::get_if<settings::Pseudonym>(&rule);
        if (pseudonym != nullptr && pseudonym->epoch.count() != 0)
            epochs_.push_back(pseudonym->epoch);
    }
    const std::array always{kDeviceField, kTimeField, kValueField};
    changes_readings_ = std::any_of(always.begin(), always.end(), [this](std::string_view field) {
        const auto rule = rules_.find(field);
        return rule == rules_.end() || !is_kept(rule->second);
    });
}

model::Instant RecipientRules::epoch_of(model::Instant at) const {
    model::Instant latest{};
    for (const auto epoch : epochs_) latest = std::max(latest, coarsened(at, epoch));
    return latest;
}

std::optional<std::string> RecipientRules::device(std::string_view stored, model::Instant at) {
    const auto rule = rule_of(kDeviceField, stored);
    if (is_kept(rule)) return std::string(stored);
    const auto* pseudonym = std::get_if<settings::Pseudonym>(&rule);
    if (pseudonym == nullptr || stored.empty()) return std::string{};
    const auto identity = canonical_form(pseudonym->form, stored, pseudonym->country);
    if (!identity) return std::nullopt;
    return names_.name(kDeviceField, pseudonym->epoch, at, *identity);
}

model::Instant RecipientRules::time(model::Instant at) const {
    const auto* coarsen = std::get_if<settings::Coarsen>(&rules_.find(kTimeField)->second);
    return coarsen != nullptr ? coarsened(at, coarsen->step) : at;
}

std::optional<model::Decimal> RecipientRules::value(model::Decimal stored) const {
    return number_under(rules_.find(kValueField)->second, stored);
}

std::optional<RecipientRules::Attributes> RecipientRules::attributes(
    std::string_view stored, model::Instant at
) {
    if (!stored_.read(stored)) return std::nullopt;
    Attributes left;
    left.json = "{";
    for (const auto& attribute : stored_.all()) {
        if (is_of_every_reading(attribute.name)) {
            ++left.withheld;
            continue;
        }
        const auto rule = rule_of(attribute.name, text_of(attribute));
        if (std::holds_alternative<settings::Drop>(rule)) continue;
        const std::size_t before = left.json.size();
        if (before > 1) left.json += ',';
        model::append_json_string(left.json, attribute.name);
        left.json += ':';
        if (append_value(left.json, rule, attribute, at)) continue;
        left.json.resize(before);
        ++left.withheld;
    }
    left.json += '}';
    return left;
}

bool RecipientRules::append_value(
    std::string& json,
    const settings::Rule& rule,
    const model::Attribute& attribute,
    model::Instant at
) {
    const auto* pseudonym = std::get_if<settings::Pseudonym>(&rule);
    if (pseudonym == nullptr) return append_under(json, rule, attribute);
    const auto identity = identity_of(*pseudonym, attribute);
    if (!identity) return false;
    model::append_json_string(json, names_.name(attribute.name, pseudonym->epoch, at, *identity));
    return true;
}

settings::Rule RecipientRules::rule_of(std::string_view field, std::string_view text) const {
    if (const auto rule = rules_.find(field); rule != rules_.end()) return rule->second;
    if (is_list_) return settings::Drop{};
    if (looks_like_pseudonym(text)) return settings::Pseudonym{.epoch = std::chrono::seconds{0}};
    return settings::Keep{};
}

}  // namespace gateway::anonymise
