#include "gateway/cli/reading_json.hpp"

#include "gateway/language/translate.hpp"
#include "gateway/model/json_text.hpp"

namespace gateway::cli {
namespace {

using model::append_json_string;

struct ValueWriter {
    std::string& out;

    void operator()(model::Decimal number) const { model::append_to(out, number); }
    void operator()(bool flag) const { out += flag ? "true" : "false"; }
    void operator()(std::string_view text) const { append_json_string(out, text); }
    void operator()(const model::Position& position) const {
        out += "{\"latitude\":";
        model::append_to(out, position.latitude);
        out += ",\"longitude\":";
        model::append_to(out, position.longitude);
        out += '}';
    }
};

}  // namespace

void append_member(std::string& out, const char* name, std::string_view text) {
    out.append("\"").append(name).append("\":");
    append_json_string(out, text);
}

std::string value_json(const model::Value& value) {
    std::string json;
    std::visit(ValueWriter{json}, value);
    return json;
}

std::string value_json(const model::Attribute& attribute) {
    std::string json;
    std::visit(ValueWriter{json}, attribute.value);
    return json;
}

void append_reading(std::string& out, const model::Reading& reading) {
    out += '{';
    append_member(out, "device", reading.device);
    out += ',';
    append_member(out, "quantity", reading.quantity);
    out += ",\"value\":";
    std::visit(ValueWriter{out}, reading.value);
    out += ',';
    append_member(out, "unit", reading.unit);
    out += ",\"time\":\"";
    model::append_rfc3339(out, reading.observed_at);
    out += "\",\"attributes\":{";
    bool is_first = true;
    for (const auto& attribute : reading.attributes) {
        if (!is_first) out += ',';
        is_first = false;
        append_json_string(out, attribute.name);
        out += ':';
        std::visit(ValueWriter{out}, attribute.value);
    }
    out += "}}";
}

std::string error_json(const model::Fault& fault) {
    std::string json = "{\"error\":{";
    append_member(json, "code", model::to_string(fault.cause));
    json += ',';
    append_member(json, "message", language::tr(fault.detail));
    return json + "}}";
}

}  // namespace gateway::cli
