#include "gateway/subject/canonical_line.hpp"

#include "gateway/model/json_text.hpp"

namespace gateway::subject {
namespace {

void append_text(std::string& out, std::string_view head, std::string_view text) {
    out += head;
    model::append_json_string(out, text);
}

}  // namespace

void append_canonical_line(
    std::string& out, std::string_view dataset, const buffer::PersonRow& row
) {
    append_text(out, "{\"dataset\":", dataset);
    out.append(",\"sequence\":").append(std::to_string(row.sequence));
    append_text(out, ",\"device\":", row.device);
    append_text(out, ",\"quantity\":", row.quantity);
    out += ",\"value\":";
    model::append_to(out, row.value);
    append_text(out, ",\"unit\":", row.unit);
    out += ",\"time\":\"";
    model::append_rfc3339(out, row.observed_at);
    out.append("\",\"time_quality\":\"").append(model::to_string(row.time_quality));
    out.append("\",\"attributes\":").append(row.attributes.empty() ? "{}" : row.attributes);
    if (!row.uplink.empty()) {
        append_text(out, ",\"refused_by\":", row.uplink);
        append_text(out, ",\"cause\":", row.cause);
    }
    out += "}\n";
}

}  // namespace gateway::subject
