#include "gateway/cli/explanation_text.hpp"

#include "gateway/cli/reading_json.hpp"
#include "gateway/cli/recipient_words.hpp"
#include "gateway/cli/text_table.hpp"
#include "gateway/language/translate.hpp"
#include "gateway/settings/recipient_terms.hpp"

namespace gateway::cli {
namespace {

using language::tr;
using Align = TextTable::Align;

const char* kind_of(const settings::Uplink& uplink) {
    return std::holds_alternative<settings::HttpUplink>(uplink.kind) ? "http" : "mqtt";
}

// A value is read by people: what is a text needs no quotes. The unit belongs to the value alone.
std::string shown(const std::string& json, const std::string& unit) {
    if (!unit.empty()) return json + ' ' + unit;
    const bool is_text = json.size() >= 2 && json.front() == '"';
    return is_text ? json.substr(1, json.size() - 2) : json;
}

std::string fields_table(const Explanation& explanation) {
    TextTable table{{Align::left, Align::left, Align::left, Align::left}};
    table.add({tr("FIELD"), tr("BEFORE"), tr("AFTER"), tr("RULE")});
    for (const auto& field : explanation.fields) {
        const bool is_value = field.name == "value";
        const std::string none;
        table.add(
            {field.name,
             shown(field.before, is_value ? explanation.unit_before : none),
             field.after ? shown(*field.after, is_value ? explanation.unit_after : none)
                         : std::string{"-"},
             field.rule.empty() ? std::string{"-"} : field.rule}
        );
        table.add_note(field.reason);
    }
    return table.text();
}

std::string field_json(const ExplainedField& field) {
    std::string json = "{";
    append_member(json, "field", field.name);
    json += ",\"before\":" + field.before + ",\"after\":" + field.after.value_or("null") + ',';
    append_member(json, "rule", field.rule);
    json += ',';
    append_member(json, "reason", field.reason);
    return json + '}';
}

std::string fields_json(const std::vector<ExplainedField>& fields) {
    std::string json;
    for (const auto& field : fields) json.append(json.empty() ? "" : ",").append(field_json(field));
    return json;
}

std::string uplink_json(const settings::Uplink& uplink, const ExplainedDelivery& delivery) {
    std::string json = "{";
    append_member(json, "uplink", uplink.name);
    json += ',';
    append_member(json, "kind", kind_of(uplink));
    json += ',';
    append_member(json, "recipient", settings::recipient_of(uplink));
    json += ",\"reading\":" + (delivery.reading.empty() ? "null" : delivery.reading);
    json += ",\"changes\":[" + fields_json(delivery.changes) + "],";
    append_member(json, "withheld", delivery.withheld);
    return json + '}';
}

std::string changes_table(const std::vector<ExplainedField>& changes) {
    if (changes.empty()) return {};
    TextTable table{{Align::left, Align::left, Align::left, Align::left}};
    table.add({tr("FIELD"), tr("AS STORED"), tr("AS SENT"), tr("RULE")});
    for (const auto& field : changes) {
        table.add(
            {field.name,
             shown(field.before, {}),
             field.after ? shown(*field.after, {}) : std::string{"-"},
             field.rule.empty() ? std::string{"-"} : field.rule}
        );
        table.add_note(field.reason);
    }
    return table.text();
}

std::string delivery_text(const settings::Uplink& uplink, const ExplainedDelivery& delivery) {
    const std::string title = recipient_title(uplink);
    if (!delivery.withheld.empty())
        return tr("{0} ({1}) gets nothing: {2}", {title, kind_of(uplink), delivery.withheld}) +
               '\n';
    return tr("{0} ({1}) gets:", {title, kind_of(uplink)}) + "\n  " + delivery.reading + '\n' +
           changes_table(delivery.changes);
}

}  // namespace

std::string explanation_text(
    const Explanation& explanation, const std::vector<const settings::Uplink*>& uplinks
) {
    std::string text = tr("{0}, device {1}", {explanation.quantity, explanation.device}) + '\n';
    if (explanation.refusal)
        return text + "  " + tr("is refused: {0}", {tr(explanation.refusal->detail)}) + '\n';
    text += fields_table(explanation);
    if (uplinks.empty()) text += std::string{tr("No uplink takes this dataset.")} + '\n';
    for (std::size_t i = 0; i < uplinks.size(); ++i)
        text += delivery_text(*uplinks[i], explanation.deliveries[i]);
    return text;
}

std::string explanation_json(
    const Explanation& explanation, const std::vector<const settings::Uplink*>& uplinks
) {
    std::string json = "{";
    append_member(json, "device", explanation.device);
    json += ',';
    append_member(json, "quantity", explanation.quantity);
    json += ',';
    // The object's own braces are there already.
    if (explanation.refusal) return json + error_json(*explanation.refusal).substr(1);
    append_member(json, "unit_before", explanation.unit_before);
    json += ',';
    append_member(json, "unit_after", explanation.unit_after);
    json += ",\"fields\":[" + fields_json(explanation.fields) + "],\"uplinks\":[";
    for (std::size_t i = 0; i < uplinks.size(); ++i)
        json += (i == 0 ? "" : ",") + uplink_json(*uplinks[i], explanation.deliveries[i]);
    return json + "]}";
}

}  // namespace gateway::cli
