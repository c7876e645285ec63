#include "gateway/cli/explainer.hpp"

#include "gateway/cli/reading_json.hpp"
#include "gateway/cli/rule_words.hpp"
#include "gateway/language/translate.hpp"
#include "gateway/model/json_text.hpp"
#include "gateway/model/message.hpp"
#include "gateway/settings/rule_text.hpp"

#include <algorithm>
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

// As in a batch, but for the sequence that only the store gives.
std::string delivered_json(const model::PublicReading& reading) {
    std::string json = "{";
    append_member(json, "device", reading.device());
    json += ',';
    append_member(json, "quantity", reading.quantity().name);
    json += ",\"value\":" + model::to_string(reading.value()) + ',';
    append_member(json, "unit", reading.quantity().unit);
    json += ",\"time\":" + json_of(reading.observed_at()) + ',';
    append_member(json, "time_quality", model::to_string(reading.time_quality()));
    json += ",\"attributes\":";
    json += reading.attributes().empty() ? std::string_view{"{}"} : reading.attributes();
    return json + '}';
}

bool takes(const settings::Uplink& uplink, const std::string& dataset) {
    return uplink.datasets.empty() ||
           std::find(uplink.datasets.begin(), uplink.datasets.end(), dataset) !=
               uplink.datasets.end();
}

}  // namespace

Explainer::Explainer(
    const settings::Settings& settings,
    const settings::Dataset& dataset,
    const runtime::WallClock& clock
)
    : dataset_(dataset), clock_(clock), policy_(dataset, keys_) {
    for (const auto& quantity : settings.quantities) vocabulary_.add(quantity);
    for (const auto& uplink : settings.uplinks) {
        if (takes(uplink, dataset.name)) uplinks_.push_back(&uplink);
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
    explanation.delivered = delivered_json(*result);
    return explanation;
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
