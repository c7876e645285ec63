#include "gateway/forward/json_batch.hpp"

#include "gateway/model/json_text.hpp"

#include <charconv>
#include <iterator>
#include <vector>

namespace gateway::forward {

namespace {

constexpr std::size_t kReadingBytesExpected = 224;

void append_number(std::string& out, std::uint64_t number) {
    char digits[20];
    const auto end = std::to_chars(std::begin(digits), std::end(digits), number).ptr;
    out.append(std::begin(digits), end);
}

// The parts of a reading that come from a dictionary, as text made once a batch.
struct Fragments {
    explicit Fragments(const buffer::Batch& batch) {
        for (const auto& device : batch.devices) {
            model::append_json_string(devices.emplace_back(",\"device\":"), device);
        }
        for (const auto& quantity : batch.quantities) {
            model::append_json_string(quantities.emplace_back(",\"quantity\":"), quantity.name);
            quantities.back().append(",\"value\":");
            model::append_json_string(units.emplace_back(",\"unit\":"), quantity.unit);
            units.back().append(",\"time\":\"");
        }
    }

    std::vector<std::string> devices;
    std::vector<std::string> quantities;
    std::vector<std::string> units;
};

void append_head(
    std::string& out, const buffer::Batch& batch, std::string_view gateway, std::string_view id
) {
    out.append("{\"gateway\":");
    model::append_json_string(out, gateway);
    out.append(",\"dataset\":");
    model::append_json_string(out, batch.dataset);
    out.append(",\"batch\":");
    model::append_json_string(out, id);
    out.append(",\"first_sequence\":");
    append_number(out, batch.first_sequence);
    out.append(",\"last_sequence\":");
    append_number(out, batch.last_sequence);
    out.append(",\"readings\":[");
}

void append_reading(
    std::string& out,
    const buffer::StoredReading& reading,
    const Fragments& fragments,
    std::string_view attributes
) {
    out.append("{\"sequence\":");
    append_number(out, reading.sequence);
    out.append(fragments.devices[reading.device]);
    out.append(fragments.quantities[reading.quantity]);
    model::append_to(out, reading.value);
    out.append(fragments.units[reading.quantity]);
    model::append_rfc3339(out, reading.observed_at);
    out.append("\",\"time_quality\":\"").append(model::to_string(reading.time_quality));
    out.append("\",\"attributes\":").append(attributes);
    out += '}';
}

void append_gap(std::string& out, const buffer::Gap& gap) {
    out.append("{\"cause\":\"").append(buffer::to_string(gap.cause));
    out.append("\",\"first_sequence\":");
    append_number(out, gap.first_sequence);
    out.append(",\"last_sequence\":");
    append_number(out, gap.last_sequence);
    out.append(",\"count\":");
    append_number(out, gap.count);
    out.append(",\"from\":\"");
    model::append_rfc3339(out, gap.observed_from);
    out.append("\",\"to\":\"");
    model::append_rfc3339(out, gap.observed_to);
    out.append("\"}");
}

// Nothing where there are none: most batches have none.
void append_gaps(std::string& out, const std::vector<buffer::Gap>& gaps) {
    if (gaps.empty()) return;
    out.append(",\"gaps\":[");
    const char* separator = "";
    for (const auto& gap : gaps) {
        out.append(separator);
        separator = ",";
        append_gap(out, gap);
    }
    out += ']';
}

void append_erasure(std::string& out, const buffer::Erasure& erasure) {
    if (erasure.attribute.empty()) {
        out.append("{\"device\":");
        model::append_json_string(out, erasure.device);
    } else {
        out.append("{\"attribute\":");
        model::append_json_string(out, erasure.attribute);
        out.append(",\"value\":").append(erasure.value);
    }
    out.append(",\"last_sequence\":");
    append_number(out, erasure.last_sequence);
    out += '}';
}

void append_erasures(std::string& out, const std::vector<buffer::Erasure>& erasures) {
    if (erasures.empty()) return;
    out.append(",\"erasures\":[");
    const char* separator = "";
    for (const auto& erasure : erasures) {
        out.append(separator);
        separator = ",";
        append_erasure(out, erasure);
    }
    out += ']';
}

}  // namespace

std::string encode_json(const buffer::Batch& batch, std::string_view gateway, std::string_view id) {
    const Fragments fragments(batch);
    std::string out;
    out.reserve(batch.readings.size() * kReadingBytesExpected);
    append_head(out, batch, gateway, id);
    const char* separator = "";
    for (const auto& reading : batch.readings) {
        out.append(separator);
        separator = ",";
        append_reading(out, reading, fragments, batch.attributes[reading.attributes]);
    }
    out += ']';
    append_gaps(out, batch.gaps);
    append_erasures(out, batch.erasures);
    out += '}';
    return out;
}

}  // namespace gateway::forward
