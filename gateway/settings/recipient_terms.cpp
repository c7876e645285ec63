#include "gateway/settings/recipient_terms.hpp"

#include <algorithm>

namespace gateway::settings {
namespace {

// Fields that pass where no rule names them.
bool is_always_kept(const std::string& field) {
    return field == "time" || field == "value";
}

Rule rule_among(const std::map<std::string, Rule>& fields, const std::string& field) {
    const auto rule = fields.find(field);
    if (rule != fields.end()) return rule->second;
    return is_always_kept(field) ? Rule{Keep{}} : Rule{Drop{}};
}

}  // namespace

const std::string& recipient_of(const Uplink& uplink) {
    return uplink.recipient.empty() ? uplink.name : uplink.recipient;
}

bool takes(const Uplink& uplink, const std::string& dataset) {
    const auto& datasets = uplink.datasets;
    return datasets.empty() ||
           std::find(datasets.begin(), datasets.end(), dataset) != datasets.end();
}

const Contract* contract_for(const Uplink& uplink, const std::string& dataset) {
    const auto found =
        std::find_if(uplink.contracts.begin(), uplink.contracts.end(), [&](const Contract& each) {
            return each.dataset == dataset;
        });
    return found == uplink.contracts.end() ? nullptr : &*found;
}

Rule stored_rule(const Dataset& dataset, const std::string& field) {
    return rule_among(dataset.fields, field);
}

Rule rule_towards(const Dataset& dataset, const Contract* contract, const std::string& field) {
    const Rule stored = stored_rule(dataset, field);
    if (std::holds_alternative<Drop>(stored)) return Drop{};
    const bool has_rules = contract != nullptr && !contract->fields.empty();
    Rule sent = has_rules ? rule_among(contract->fields, field) : Rule{Keep{}};
    const bool is_as_stored = std::holds_alternative<Keep>(sent);
    if (!is_as_stored || !std::holds_alternative<Pseudonym>(stored)) return sent;
    return Pseudonym{.epoch = seconds{0}};
}

}  // namespace gateway::settings
