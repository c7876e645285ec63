#include "gateway/aggregate/frozen_result.hpp"

#include "gateway/model/decimal.hpp"
#include "gateway/model/json_text.hpp"
#include "gateway/model/time.hpp"

namespace gateway::aggregate {
namespace {

void append_units(std::string& json, std::int64_t units, int resolution) {
    model::append_to(json, {units, static_cast<std::int8_t>(resolution)});
}

void append_protection(std::string& json, const Rules& rules) {
    json += "\"protection\":{";
    if (const auto* noise = std::get_if<Noise>(&rules.protection)) {
        json += "\"mechanism\":\"discrete-laplace\",\"contribution_max\":";
        append_units(json, noise->contribution_max, rules.resolution);
        json.append(",\"epsilon\":\"").append(to_string(noise->epsilon)).append("\"}");
        return;
    }
    const auto& thresholds = std::get<Thresholds>(rules.protection);
    json.append("\"meters_min\":").append(std::to_string(thresholds.meters_min));
    json.append(",\"share_percent_max\":").append(std::to_string(thresholds.share_percent_max));
    json += '}';
}

void append_group(
    std::string& json, const Rules& rules, const Group& group, const GroupDecision& decision
) {
    json += "{\"group\":";
    model::append_json_string(json, group.name);
    if (decision.suppressed) {
        json += ",\"suppressed\":true}";
        return;
    }
    if (std::holds_alternative<Thresholds>(rules.protection))
        json.append(",\"meters\":").append(std::to_string(decision.meters));
    json += ",\"sum\":";
    append_units(json, decision.sum, rules.resolution);
    json += '}';
}

}  // namespace

std::string frozen_result(
    const Rules& rules,
    const WindowId& window,
    const Registry& registry,
    std::span<const GroupDecision> decisions
) {
    std::string json = "{\"dataset\":";
    model::append_json_string(json, rules.dataset);
    json += ",\"start\":\"";
    model::append_rfc3339(json, model::Instant{std::chrono::seconds{window.start}});
    json.append("\",\"seconds\":").append(std::to_string(rules.window.count()));
    json.append(",\"part\":").append(std::to_string(window.part)).append(",");
    append_protection(json, rules);
    json += ",\"groups\":[";
    for (std::size_t group = 0; group < decisions.size(); ++group) {
        if (group > 0) json += ',';
        append_group(json, rules, registry.groups()[group], decisions[group]);
    }
    return json += "]}";
}

// A quotation mark inside a name is escaped.
bool has_sums(std::string_view body) {
    return body.find(R"(,"sum":)") != std::string_view::npos;
}

}  // namespace gateway::aggregate
