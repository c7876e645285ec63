#include "gateway/decode/lorawan_payload.hpp"

#include "gateway/decode/base64.hpp"
#include "gateway/decode/json_number.hpp"
#include "gateway/model/message.hpp"

#include <algorithm>
#include <array>
#include <cctype>

namespace gateway::decode {
namespace {

using model::Attribute;
using model::Decoded;
using model::Fault;
using model::Reading;
using model::Readings;
using model::Refusal;
using model::translatable;

constexpr std::size_t kEuiBytes = 8;
constexpr std::size_t kEuiDigits = 2 * kEuiBytes;

bool is_hex(std::string_view text) {
    constexpr std::string_view kHexDigits = "0123456789abcdefABCDEF";
    return text.find_first_not_of(kHexDigits) == text.npos;
}

// An EUI in either spelling as 16 lower-case digits: they are never 11 or 12 characters, which is
// what base64 makes of 8 bytes.
Decoded<std::string_view> normal_eui(std::string_view eui, Readings& out) {
    if (eui.empty()) return std::string_view{};
    auto digits = out.room(kEuiDigits);
    const std::string_view text{digits.data(), digits.size()};
    if (eui.size() == kEuiDigits && is_hex(eui)) {
        std::transform(eui.begin(), eui.end(), digits.begin(), [](char c) {
            return c >= 'A' && c <= 'F' ? static_cast<char>(c - 'A' + 'a') : c;
        });
        return text;
    }
    std::array<char, base64_bytes_max(kEuiDigits)> bytes{};
    if (eui.size() > kEuiDigits || decode_base64(eui, bytes) != kEuiBytes)
        return Fault{Refusal::malformed, translatable("the device EUI is not 8 bytes")};
    encode_hex({bytes.data(), kEuiBytes}, digits);
    return text;
}

std::string_view hex_of(std::string_view bytes, Readings& out) {
    auto digits = out.room(2 * bytes.size());
    encode_hex(bytes, digits);
    return {digits.data(), digits.size()};
}

Decoded<void> add(const Reading& reading, Readings& out) {
    if (out.add(reading)) return {};
    return Fault{Refusal::limit_exceeded, translatable("too many readings in a message")};
}

}  // namespace

LorawanPayload::LorawanPayload(const settings::Format& format)
    : quantities_(format.quantities.begin(), format.quantities.end()) {
    settings::Format inner = format;
    inner.name = format.payload;
    inner.payload.clear();
    inner_ = make_decoder(inner);
}

Decoded<void> LorawanPayload::decode(
    const LorawanUplink& uplink,
    const JsonSelector* object,
    const model::Frame& frame,
    Readings& out
) {
    const std::size_t before = out.size();
    if (auto read = read_bytes(uplink.payload); !read) return read;
    const auto device = normal_eui(uplink.dev_eui, out);
    if (!device) return device.error();
    Reading reading;
    reading.device = *device;
    reading.observed_at = uplink.time.value_or(frame.received_at);
    if (uplink.time) reading.time_quality = model::TimeQuality::device;
    collect_attributes(uplink, out);
    if (inner_ && !inner_frame_.payload.empty()) return add_inner(reading, frame, out);

    reading.attributes = out.keep(attributes_);
    Decoded<void> added;
    if (!inner_ && object != nullptr) added = add_object(*object, reading, out);
    if (!added) out.truncate(before);
    if (!added || out.size() > before || inner_frame_.payload.empty()) return added;
    reading.quantity = "lorawan.payload";
    reading.value = hex_of(inner_frame_.payload, out);
    return add(reading, out);
}

Decoded<void> LorawanPayload::read_bytes(std::string_view base64) {
    std::string& bytes = inner_frame_.payload;
    bytes.resize(base64_bytes_max(base64.size()));
    const auto size = decode_base64(base64, bytes);
    bytes.resize(size.value_or(0));
    if (size) return {};
    return Fault{Refusal::malformed, translatable("the payload is not base64")};
}

Decoded<void> LorawanPayload::add_object(const JsonSelector& object, Reading reading, Readings& out)
    const {
    for (std::size_t i = 0; i < object.leaf_count(); ++i) {
        const JsonLeaf leaf = object.leaf(i);
        if (leaf.scalar.kind == JsonScalar::Kind::boolean) {
            reading.value = leaf.scalar.boolean;
        } else if (leaf.scalar.kind == JsonScalar::Kind::number) {
            const auto number = exact_number(leaf.scalar.text);
            if (!number) return number.error();
            reading.value = *number;
        } else {
            continue;
        }
        const auto known = quantities_.find(leaf.path);
        reading.quantity =
            known != quantities_.end() ? std::string_view{known->second} : out.keep(leaf.path);
        if (auto added = add(reading, out); !added) return added;
    }
    return {};
}

// The inner format knows neither the device nor what the network server said, and most know no
// time.
Decoded<void> LorawanPayload::add_inner(
    const Reading& envelope, const model::Frame& frame, Readings& out
) {
    const std::size_t before = out.size();
    inner_frame_.source = frame.source;
    inner_frame_.received_at = frame.received_at;
    if (auto decoded = inner_->decode(inner_frame_, out); !decoded) return decoded;
    for (Reading& reading : out.all().subspan(before)) {
        reading.device = envelope.device;
        if (reading.time_quality == model::TimeQuality::gateway) {
            reading.observed_at = envelope.observed_at;
            reading.time_quality = envelope.time_quality;
        }
        join_attributes(reading.attributes);
        reading.attributes = out.keep(joined_);
    }
    return {};
}

// What the device says of itself goes before what the network server says of it.
void LorawanPayload::join_attributes(std::span<const Attribute> inner) {
    joined_.assign(inner.begin(), inner.end());
    for (const Attribute& attribute : attributes_) {
        const bool known = std::any_of(inner.begin(), inner.end(), [&](const Attribute& other) {
            return other.name == attribute.name;
        });
        if (!known && joined_.size() < Readings::kAttributesPerReadingMax)
            joined_.push_back(attribute);
    }
}

void LorawanPayload::collect_attributes(const LorawanUplink& uplink, Readings& out) {
    attributes_.clear();
    const auto add_text = [&](std::string_view name, std::string_view text) {
        if (!text.empty()) attributes_.push_back({name, out.keep(text)});
    };
    const auto add_if = [&](std::string_view name, const auto& value) {
        if (value) attributes_.push_back({name, *value});
    };
    add_text("device_name", uplink.device_name);
    add_text("application", uplink.application);
    add_if("f_port", uplink.f_port);
    add_if("f_cnt", uplink.f_cnt);
    add_if("rssi", uplink.rssi);
    add_if("snr", uplink.snr);
    add_if("location", uplink.location);
}

}  // namespace gateway::decode
