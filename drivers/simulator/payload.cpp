#include "drivers/simulator/json_tree.hpp"
#include "drivers/simulator/virtual_meter.hpp"
#include "gateway/model/json_text.hpp"

#include <array>
#include <map>

namespace drivers::simulator {

namespace model = gateway::model;
namespace settings = gateway::settings;

namespace {

std::string json_string(std::string_view text) {
    std::string out;
    model::append_json_string(out, text);
    return out;
}

std::string json_time(const settings::JsonMapping& mapping, model::Instant at) {
    using Unit = settings::JsonMapping::TimeUnit;
    const std::int64_t milliseconds = at.time_since_epoch().count();
    if (mapping.time_unit == Unit::second) return std::to_string(milliseconds / 1000);
    if (mapping.time_unit == Unit::millisecond) return std::to_string(milliseconds);
    return json_string(model::to_rfc3339(at));
}

// The message that the source's mapping reads the meter's values from.
std::string json_payload(
    const VirtualMeter& meter, const settings::JsonMapping& mapping, model::Instant at
) {
    // Pointers below `samples` are relative to an element of the array it points to.
    const std::string prefix = mapping.samples.empty() ? "" : mapping.samples + "/0";
    JsonTree tree;
    if (!mapping.device.empty()) tree.set(prefix + mapping.device, json_string(meter.device()));
    if (!mapping.time.empty()) tree.set(prefix + mapping.time, json_time(mapping, at));
    for (const settings::JsonReading& reading : mapping.readings) {
        const model::Decimal value = meter.value(reading.quantity, reading.unit, at);
        tree.set(prefix + reading.path, model::to_string(value));
    }
    for (const auto& [name, pointer] : mapping.attributes)
        tree.set(prefix + pointer, json_string("simulated"));
    return tree.text();
}

struct SenmlField {
    std::string name;
    std::string unit;
};

// SenML's own "%" is a ratio (RFC 8428 12.1, note 1); the percentage of its registry is "%RH".
std::string senml_unit(const std::string& ucum) {
    return ucum == "%" ? "%RH" : ucum;
}

// What the source renames, by its senders' names, or else a sensor of the air.
std::vector<SenmlField> senml_fields(const settings::Format& format) {
    static const model::Vocabulary vocabulary;
    std::vector<SenmlField> fields;
    for (const auto& [sender_name, quantity] : format.quantities) {
        const model::Quantity* known = vocabulary.find(quantity);
        fields.push_back({sender_name, known != nullptr ? senml_unit(known->unit) : "1"});
    }
    if (fields.empty()) fields = {{"air.temperature", "Cel"}, {"air.humidity", "%RH"}};
    return fields;
}

// RFC 8428, 5: one pack of one time.
std::string senml_payload(
    const VirtualMeter& meter, const settings::Format& format, model::Instant at
) {
    const model::Decimal seconds{at.time_since_epoch().count(), -3};
    std::string out = R"([{"bn":)" + json_string(meter.device() + ":");
    out += R"(,"bt":)" + model::to_string(seconds) + ',';
    bool is_first = true;
    for (const SenmlField& field : senml_fields(format)) {
        if (!is_first) out += ",{";
        is_first = false;
        const auto renamed = format.quantities.find(field.name);
        const std::string& quantity =
            renamed == format.quantities.end() ? field.name : renamed->second;
        out += R"("n":)" + json_string(field.name);
        out += R"(,"u":)" + json_string(field.unit);
        out += R"(,"v":)" + model::to_string(meter.value(quantity, field.unit, at)) + '}';
    }
    return out + ']';
}

}  // namespace

bool can_simulate(const settings::Format& format) {
    return format.name == "json" || format.name == "senml-json";
}

std::string payload(const VirtualMeter& meter, const settings::Format& format, model::Instant at) {
    if (format.name == "senml-json") return senml_payload(meter, format, at);
    return json_payload(meter, format.json, at);
}

}  // namespace drivers::simulator
