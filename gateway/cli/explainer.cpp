#include "gateway/cli/explainer.hpp"

#include "gateway/cli/reading_json.hpp"
#include "gateway/cli/recipient_words.hpp"
#include "gateway/cli/rule_words.hpp"
#include "gateway/language/translate.hpp"
#include "gateway/model/json_text.hpp"
#include "gateway/model/message.hpp"
#include "gateway/settings/recipient_terms.hpp"
#include "gateway/settings/rule_text.hpp"
#include "gateway/status/words.hpp"

#include <map>
#include <set>

namespace gateway::cli {
namespace {

using language::tr;

std::string json_of(std::string_view text) {
    std::string json;
    model::append_json_string(json, text);
    return json;
}

std::string json_of(model::Instant time) {
    return '"' + model::to_rfc3339(time) + '"';
}

// The fields that a contract may change.
struct Fields {
    std::string device;
    model::Instant time;
    model::Decimal value;
    std::string attributes;  // a JSON object
};

Fields fields_of(const model::PublicReading& stored) {
    const auto attributes = stored.attributes();
    return {
        std::string{stored.device()},
        stored.observed_at(),
        stored.value(),
        std::string{attributes.empty() ? std::string_view{"{}"} : attributes}};
}

// As in a batch, but for the sequence that only the store gives.
std::string delivered_json(const model::PublicReading& stored, const Fields& fields) {
    std::string json = "{";
    append_member(json, "device", fields.device);
    json += ',';
    append_member(json, "quantity", stored.quantity().name);
    json += ",\"value\":" + model::to_string(fields.value) + ',';
    append_member(json, "unit", stored.quantity().unit);
    json += ",\"time\":" + json_of(fields.time) + ',';
    append_member(json, "time_quality", model::to_string(stored.time_quality()));
    return json + ",\"attributes\":" + fields.attributes + '}';
}

// Each field as JSON.
std::map<std::string, std::string> by_name(const Fields& fields) {
    std::map<std::string, std::string> named;
    anonymise::StoredAttributes attributes;
    if (attributes.read(fields.attributes)) {
        for (const auto& attribute : attributes.all())
            named.emplace(attribute.name, value_json(attribute));
    }
    named.emplace("device", json_of(fields.device));
    named.emplace("time", json_of(fields.time));
    named.emplace("value", model::to_string(fields.value));
    return named;
}

// What the rules make of the fields; nothing if the reading must not leave.
std::optional<Fields> under(anonymise::RecipientRules& rules, const Fields& stored) {
    auto device = rules.device(stored.device, stored.time);
    const auto value = rules.value(stored.value);
    auto attributes = rules.attributes(stored.attributes, stored.time);
    if (!device || !value || !attributes) return std::nullopt;
    return Fields{std::move(*device), rules.time(stored.time), *value, std::move(attributes->json)};
}

// The fields that leave otherwise than they are stored, with the reason.
std::vector<ExplainedField> changes_between(
    const Fields& stored,
    const Fields& sent,
    const settings::Dataset& dataset,
    const settings::Uplink& uplink
) {
    std::vector<ExplainedField> changes;
    const auto after = by_name(sent);
    for (const auto& [name, before] : by_name(stored)) {
        const auto left = after.find(name);
        if (left != after.end() && left->second == before) continue;
        const bool is_left = left != after.end() && left->second != json_of(std::string_view{});
        ExplainedField change{name, before, std::nullopt, {}, {}};
        if (is_left) change.after = left->second;
        const SentField field{dataset, uplink, name};
        const auto* contract = settings::contract_for(uplink, dataset.name);
        const auto rule = settings::rule_towards(dataset, contract, name);
        const bool fails = !is_left && !std::holds_alternative<settings::Drop>(rule);
        change.rule = sent_rule(field);
        change.reason = fails ? tr("is not sent, since what is stored is not what its rule is for")
                              : sent_sentence(field);
        changes.push_back(std::move(change));
    }
    return changes;
}

}  // namespace

Explainer::Explainer(
    const settings::Settings& settings,
    const settings::Dataset& dataset,
    const runtime::WallClock& clock
)
    : dataset_(dataset), clock_(clock), policy_(dataset, keys_, tokens_) {
    for (const auto& quantity : settings.quantities) vocabulary_.add(quantity);
    for (const auto& uplink : settings.uplinks) {
        if (!settings::takes(uplink, dataset.name)) continue;
        uplinks_.push_back(&uplink);
        recipients_.push_back(std::make_unique<anonymise::RecipientRules>(dataset, uplink));
    }
}

Explanation Explainer::explain(const model::Reading& reading, model::Readings& memory) {
    Explanation explanation;
    explanation.device = reading.device;
    explanation.quantity = reading.quantity;
    explanation.unit_before = reading.unit;
    const auto measured = admission_.admit(reading, clock_);
    if (!measured) {
        explanation.refusal = measured.error();
        return explanation;
    }
    if (!policy_.prepare(clock_.now())) {
        explanation.refusal = model::Fault{
            model::Refusal::store_failed, model::translatable("no random numbers can be had")};
        return explanation;
    }
    const auto result = policy_.apply({reading, *measured->quantity, measured->value}, memory);
    if (!result) {
        explanation.refusal = result.error();
        return explanation;
    }
    explanation.unit_after = measured->quantity->unit;
    const auto device = result->device();
    explanation.fields.push_back(field(
        "device",
        json_of(reading.device),
        device.empty() ? std::nullopt : std::optional{json_of(device)}
    ));
    explanation.fields.push_back(
        field("time", json_of(reading.observed_at), json_of(result->observed_at()))
    );
    explanation.fields.push_back(
        field("value", value_json(reading.value), model::to_string(result->value()))
    );
    add_attributes(explanation, reading);
    add_deliveries(explanation, *result);
    return explanation;
}

void Explainer::add_deliveries(Explanation& explanation, const model::PublicReading& stored) {
    for (std::size_t i = 0; i < uplinks_.size(); ++i)
        explanation.deliveries.push_back(delivery(i, stored));
}

ExplainedDelivery Explainer::delivery(std::size_t uplink, const model::PublicReading& stored) {
    ExplainedDelivery explained;
    auto& rules = *recipients_[uplink];
    const auto* contract = settings::contract_for(*uplinks_[uplink], dataset_.name);
    if (contract != nullptr && contract->until && *contract->until <= clock_.now()) {
        explained.withheld =
            tr("the contract has ended: {0}", {status::time_words(*contract->until)});
        return explained;
    }
    if (!rules.prepare(keys_)) {
        explained.withheld = tr("no random numbers can be had");
        return explained;
    }
    const Fields fields = fields_of(stored);
    const auto sent = under(rules, fields);
    if (!sent) {
        explained.withheld =
            tr("what is stored cannot be brought under the contract; it is kept with the dead "
               "letters");
        return explained;
    }
    explained.reading = delivered_json(stored, *sent);
    explained.changes = changes_between(fields, *sent, dataset_, *uplinks_[uplink]);
    return explained;
}

void Explainer::add_attributes(Explanation& explanation, const model::Reading& reading) {
    std::set<std::string_view> seen;
    for (const auto& attribute : reading.attributes) {
        if (!seen.insert(attribute.name).second) continue;  // the first one counts, as when stored
        explanation.fields.push_back(field(
            attribute.name, value_json(attribute), policy_.attribute_under_its_rule(attribute)
        ));
    }
}

ExplainedField Explainer::field(
    std::string_view name, std::string before, std::optional<std::string> after
) const {
    ExplainedField explained{
        std::string{name}, std::move(before), std::move(after), std::string{}, std::string{}};
    const auto rule = dataset_.fields.find(explained.name);
    if (rule == dataset_.fields.end()) {
        explained.reason = explained.after ? tr("stays as it is, since no rule names it")
                                           : tr("is removed, since no rule names it");
        return explained;
    }
    explained.rule = settings::to_string(rule->second);
    const bool fails = !explained.after && !std::holds_alternative<settings::Drop>(rule->second);
    explained.reason = fails ? tr("is removed, since what it holds is not what its rule is for")
                             : rule_sentence(rule->second);
    return explained;
}

}  // namespace gateway::cli
