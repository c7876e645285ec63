#include "gateway/decode/protobuf_decoder.hpp"

#include "gateway/decode/unix_time.hpp"
#include "gateway/model/message.hpp"

#include <google/protobuf/io/coded_stream.h>
#include <google/protobuf/io/zero_copy_stream_impl_lite.h>
#include <google/protobuf/stubs/logging.h>
#include <passerelle/v1/reading.pb.h>

#include <algorithm>
#include <functional>
#include <limits>
#include <map>
#include <string>
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

constexpr int kNestingMax = 8;  // the messages nest two deep; more can only be unknown groups
constexpr std::size_t kMessageBytesMax = 16 * 1024 * 1024;

class ProtobufDecoder final : public Decoder {
  public:
    explicit ProtobufDecoder(const settings::Format& format)
        : quantities_(format.quantities.begin(), format.quantities.end()) {}

    Decoded<void> decode(const model::Frame& frame, Readings& out) override;

  private:
    Decoded<void> parse(std::string_view payload);
    Decoded<void> add_readings(const model::Frame& frame, Readings& out);
    Decoded<Reading> read(
        const passerelle::v1::Reading& sent, const model::Frame& frame, Readings& out
    );
    Decoded<void> read_attributes(
        const passerelle::v1::Reading& sent, Reading& reading, Readings& out
    );
    std::string_view renamed(const std::string& quantity, Readings& out) const;

    std::map<std::string, std::string, std::less<>> quantities_;
    passerelle::v1::Readings message_;  // reused, so that its fields keep their memory
    std::vector<Attribute> attributes_;
};

Decoded<void> ProtobufDecoder::decode(const model::Frame& frame, Readings& out) {
    if (auto parsed = parse(frame.payload); !parsed) return parsed;
    const std::size_t before = out.size();
    auto added = add_readings(frame, out);
    if (!added) out.truncate(before);
    return added;
}

Decoded<void> ProtobufDecoder::parse(std::string_view payload) {
    if (payload.size() > kMessageBytesMax)
        return Fault{Refusal::limit_exceeded, translatable("the message is too long")};
    const auto size = static_cast<int>(payload.size());
    google::protobuf::io::ArrayInputStream bytes{payload.data(), size};
    google::protobuf::io::CodedInputStream stream{&bytes};
    stream.SetRecursionLimit(kNestingMax);
    const google::protobuf::LogSilencer silencer;  // it would print a line for each bad text
    message_.Clear();
    if (message_.MergeFromCodedStream(&stream) && stream.ConsumedEntireMessage()) return {};
    return Fault{
        Refusal::malformed, translatable("the bytes are no passerelle.v1.Readings message")};
}

Decoded<void> ProtobufDecoder::add_readings(const model::Frame& frame, Readings& out) {
    if (message_.readings().empty())
        return Fault{Refusal::missing_field, translatable("the message has no readings")};
    const auto device = out.keep(message_.device());
    for (const auto& sent : message_.readings()) {
        auto reading = read(sent, frame, out);
        if (!reading) return reading.error();
        reading->device = sent.device().empty() ? device : out.keep(sent.device());
        if (!out.add(*reading))
            return Fault{Refusal::limit_exceeded, translatable("too many readings in a message")};
    }
    return {};
}

Decoded<model::Value> number_value(std::optional<model::Decimal> number) {
    if (number) return model::Value{*number};
    return Fault{
        Refusal::not_representable,
        translatable("a number has too many digits, too large an exponent, or is none")};
}

Decoded<model::Value> read_value(const passerelle::v1::Reading& sent) {
    switch (sent.value_case()) {
        case passerelle::v1::Reading::kDecimal:
            return number_value(
                model::decimal_from(sent.decimal().mantissa(), sent.decimal().exponent())
            );
        case passerelle::v1::Reading::kNumber:
            return number_value(model::decimal_from(sent.number()));
        case passerelle::v1::Reading::kFlag:
            return model::Value{sent.flag()};
        case passerelle::v1::Reading::VALUE_NOT_SET:
            break;
    }
    return Fault{Refusal::missing_field, translatable("a reading has no value")};
}

Decoded<Reading> ProtobufDecoder::read(
    const passerelle::v1::Reading& sent, const model::Frame& frame, Readings& out
) {
    Reading reading;
    if (sent.quantity().empty())
        return Fault{Refusal::missing_field, translatable("a reading has no quantity")};
    reading.quantity = renamed(sent.quantity(), out);
    const auto value = read_value(sent);
    if (!value) return value.error();
    reading.value = *value;
    reading.unit = out.keep(sent.unit());
    reading.observed_at = frame.received_at;
    if (sent.observed_at_ms() != 0) {
        const auto number = model::decimal_from(sent.observed_at_ms(), 0);
        if (!number) return implausible_time();
        const auto time = unix_time(*number);
        if (!time) return time.error();
        reading.observed_at = *time;
        reading.time_quality = model::TimeQuality::device;
    }
    if (auto read = read_attributes(sent, reading, out); !read) return read.error();
    return reading;
}

// By name: a protobuf map has no order.
Decoded<void> ProtobufDecoder::read_attributes(
    const passerelle::v1::Reading& sent, Reading& reading, Readings& out
) {
    if (sent.attributes().size() > Readings::kAttributesPerReadingMax)
        return Fault{Refusal::limit_exceeded, translatable("a reading has too many attributes")};
    attributes_.clear();
    for (const auto& [name, value] : sent.attributes()) {
        attributes_.push_back({out.keep(name), out.keep(value)});
    }
    std::sort(
        attributes_.begin(),
        attributes_.end(),
        [](const Attribute& left, const Attribute& right) { return left.name < right.name; }
    );
    reading.attributes = out.keep(attributes_);
    return {};
}

std::string_view ProtobufDecoder::renamed(const std::string& quantity, Readings& out) const {
    const auto found = quantities_.find(quantity);
    return found == quantities_.end() ? out.keep(quantity) : std::string_view{found->second};
}

}  // namespace

std::unique_ptr<Decoder> make_protobuf_decoder(const settings::Format& format) {
    return std::make_unique<ProtobufDecoder>(format);
}

}  // namespace gateway::decode
