#include "gateway/decode/json_decoder.hpp"

#include "gateway/decode/json_leaves_decoder.hpp"
#include "gateway/decode/json_number.hpp"
#include "gateway/decode/json_selector.hpp"
#include "gateway/decode/json_time.hpp"
#include "gateway/model/message.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace gateway::decode {
namespace {

using model::Attribute;
using model::Decoded;
using model::Fault;
using model::Reading;
using model::Readings;
using model::Refusal;
using model::translatable;
using Kind = JsonScalar::Kind;
using Slot = JsonSelector::Slot;

Fault wrong_type(const char* detail) {
    return {Refusal::wrong_type, detail};
}

bool is_integer(std::string_view number) {
    return std::none_of(number.begin(), number.end(), [](char c) {
        return c == '.' || c == 'e' || c == 'E';
    });
}

// What one sample of a message can be asked for.
class Sample {
  public:
    Sample(JsonSelector::Row sample, JsonSelector::Row message)
        : sample_(sample), message_(message) {}

    const JsonScalar& own(Slot slot) const { return sample_[slot]; }

    // A pointer's value in the sample, or else in the message that holds it.
    struct Slots {
        Slot in_sample;
        Slot in_message;
    };
    const JsonScalar& find(Slots slots) const {
        const JsonScalar& own = sample_[slots.in_sample];
        return own.present() ? own : message_[slots.in_message];
    }

  private:
    JsonSelector::Row sample_;
    JsonSelector::Row message_;
};

class JsonDecoder final : public Decoder {
  public:
    explicit JsonDecoder(const settings::JsonMapping& mapping);

    Decoded<void> decode(const model::Frame& frame, Readings& out) override;

  private:
    using Slots = Sample::Slots;

    struct MappedReading {
        settings::JsonReading setting;
        Slot slot;
    };
    struct MappedAttribute {
        std::string name;
        Slots value;
        std::array<Slots, 2> latitude;  // by the usual spellings
        std::array<Slots, 3> longitude;
    };

    Slots select(const std::string& pointer);
    Decoded<void> add_samples(const model::Frame& frame, Readings& out);
    Decoded<void> add_sample(const Sample& sample, const model::Frame& frame, Readings& out);
    Decoded<std::string_view> read_device(const Sample& sample, Readings& out) const;
    Decoded<void> read_observed_at(const Sample& sample, Reading& reading) const;
    Decoded<void> read_attributes(const Sample& sample, Readings& out);

    settings::JsonMapping mapping_;
    JsonSelector selector_;
    std::optional<Slots> device_;
    std::optional<Slots> time_;
    std::vector<MappedReading> readings_;
    std::vector<MappedAttribute> mapped_attributes_;
    std::vector<Attribute> attributes_;  // of the sample being read
};

JsonDecoder::JsonDecoder(const settings::JsonMapping& mapping) : mapping_(mapping) {
    if (!mapping.samples.empty()) selector_.select_elements(mapping.samples);
    if (!mapping.device.empty()) device_ = select(mapping.device);
    if (!mapping.time.empty()) time_ = select(mapping.time);
    for (const auto& reading : mapping.readings) {
        const Slot slot = mapping.samples.empty() ? selector_.select(reading.path)
                                                  : selector_.select_in_element(reading.path);
        readings_.push_back({reading, slot});
    }
    for (const auto& [name, pointer] : mapping.attributes) {
        mapped_attributes_.push_back(
            {name,
             select(pointer),
             {select(pointer + "/latitude"), select(pointer + "/lat")},
             {select(pointer + "/longitude"), select(pointer + "/lon"), select(pointer + "/lng")}}
        );
    }
    attributes_.reserve(Readings::kAttributesPerReadingMax);
}

// Without samples the message itself is the sample.
Sample::Slots JsonDecoder::select(const std::string& pointer) {
    const Slot in_message = selector_.select(pointer);
    if (mapping_.samples.empty()) return {in_message, in_message};
    return {selector_.select_in_element(pointer), in_message};
}

Decoded<void> JsonDecoder::decode(const model::Frame& frame, Readings& out) {
    if (auto read = selector_.read(frame.payload); !read) return read;
    const std::size_t before = out.size();
    auto added = add_samples(frame, out);
    if (added && out.size() == before)
        added = Fault{Refusal::missing_field, translatable("the message has no mapped reading")};
    if (!added) out.truncate(before);
    return added;
}

Decoded<void> JsonDecoder::add_samples(const model::Frame& frame, Readings& out) {
    const auto message = selector_.message();
    if (mapping_.samples.empty()) return add_sample({message, message}, frame, out);
    const Kind kind = selector_.elements_kind();
    if (kind == Kind::absent || kind == Kind::null)
        return Fault{Refusal::missing_field, translatable("the message has no samples")};
    if (kind != Kind::array) return wrong_type(translatable("the samples are not an array"));
    for (std::size_t i = 0; i < selector_.element_count(); ++i) {
        auto added = add_sample({selector_.element(i), message}, frame, out);
        if (!added) return added;
    }
    return {};
}

Decoded<model::Value> read_value(const JsonScalar& scalar) {
    if (scalar.kind == Kind::boolean) return model::Value{scalar.boolean};
    if (scalar.kind != Kind::number)
        return wrong_type(translatable("a reading is neither a number nor a boolean"));
    const auto number = exact_number(scalar.text);
    if (!number) return number.error();
    return model::Value{*number};
}

Decoded<void> JsonDecoder::add_sample(
    const Sample& sample, const model::Frame& frame, Readings& out
) {
    const auto is_present = [&](const auto& mapped) { return sample.own(mapped.slot).present(); };
    if (std::none_of(readings_.begin(), readings_.end(), is_present)) return {};
    Reading reading;
    const auto device = read_device(sample, out);
    if (!device) return device.error();
    reading.device = *device;
    reading.observed_at = frame.received_at;
    if (auto read = read_observed_at(sample, reading); !read) return read;
    if (auto read = read_attributes(sample, out); !read) return read;
    reading.attributes = out.keep(attributes_);
    for (const auto& mapped : readings_) {
        if (!is_present(mapped)) continue;
        const auto value = read_value(sample.own(mapped.slot));
        if (!value) return value.error();
        reading.quantity = mapped.setting.quantity;
        reading.unit = mapped.setting.unit;
        reading.value = *value;
        if (!out.add(reading))
            return Fault{Refusal::limit_exceeded, translatable("too many readings in a message")};
    }
    return {};
}

Decoded<std::string_view> JsonDecoder::read_device(const Sample& sample, Readings& out) const {
    if (!device_) return std::string_view{};
    const JsonScalar& device = sample.find(*device_);
    if (!device.present() || (device.kind == Kind::text && device.text.empty()))
        return Fault{Refusal::missing_field, translatable("the message does not name its device")};
    const bool is_name =
        device.kind == Kind::text || (device.kind == Kind::number && is_integer(device.text));
    if (!is_name) return wrong_type(translatable("the device is neither a text nor an integer"));
    return out.keep(device.text);
}

Decoded<void> JsonDecoder::read_observed_at(const Sample& sample, Reading& reading) const {
    if (!time_) return {};
    const JsonScalar& scalar = sample.find(*time_);
    if (!scalar.present()) return {};
    const auto time = read_time(scalar, mapping_.time_unit);
    if (!time) return time.error();
    reading.observed_at = *time;
    reading.time_quality = model::TimeQuality::device;
    return {};
}

// The first of several spellings that is there, as a number.
template <std::size_t N>
Decoded<model::Decimal> read_degrees(const Sample& sample, const std::array<Sample::Slots, N>& as) {
    for (const auto& slots : as) {
        const JsonScalar& scalar = sample.find(slots);
        if (scalar.kind == Kind::number) return exact_number(scalar.text);
    }
    return wrong_type(translatable("an attribute is neither a scalar nor a position"));
}

Decoded<void> JsonDecoder::read_attributes(const Sample& sample, Readings& out) {
    attributes_.clear();
    for (const auto& mapped : mapped_attributes_) {
        const JsonScalar& scalar = sample.find(mapped.value);
        if (!scalar.present()) continue;
        Attribute attribute{mapped.name, scalar.boolean};
        if (scalar.kind == Kind::text) {
            attribute.value = out.keep(scalar.text);
        } else if (scalar.kind == Kind::number) {
            const auto number = exact_number(scalar.text);
            if (!number) return number.error();
            attribute.value = *number;
        } else if (scalar.is_container()) {
            const auto latitude = read_degrees(sample, mapped.latitude);
            const auto longitude = read_degrees(sample, mapped.longitude);
            if (!latitude) return latitude.error();
            if (!longitude) return longitude.error();
            attribute.value = model::Position{*latitude, *longitude};
        }
        attributes_.push_back(attribute);
    }
    return {};
}

}  // namespace

std::unique_ptr<Decoder> make_json_decoder(const settings::Format& format) {
    if (format.json.readings.empty()) return make_json_leaves_decoder();
    return std::make_unique<JsonDecoder>(format.json);
}

}  // namespace gateway::decode
