#include "gateway/decode/cayenne_lpp_decoder.hpp"

// A frame is a row of items, each [channel, 1 byte][type, 1 byte][value, big-endian, two's
// complement where signed]:
//
//     01 67 FF D7      channel 1, type 103, -41 x 0.1 Cel
//     03 88 06 76 5F F2 96 0A 00 03 E8
//                      channel 3, type 136, 42.3519 deg, -87.9094 deg, 10.00 m
//
// Types: myDevices, "Cayenne Low Power Payload" (docs.mydevices.com/docs/lorawan/cayenne-lpp), and
// the additional types of the ElectronicCats and smlng libraries, whose numbers are those of the
// IPSO smart objects less 3200. Type 240 (polyline) has a variable length and is not read.
#include "gateway/model/message.hpp"

#include <array>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace gateway::decode {
namespace {

using model::Attribute;
using model::Decimal;
using model::Decoded;
using model::Fault;
using model::Reading;
using model::Refusal;
using model::translatable;

// One value of an item: number on the wire x factor x 10^exponent, in `unit`.
struct Axis {
    std::uint8_t type;
    std::string_view quantity;
    std::string_view unit;
    std::uint8_t bytes;
    bool is_signed;
    std::int8_t exponent;
    std::uint8_t factor = 1;
};

// By type; the axes of a type follow one another in the order of the wire.
constexpr std::array kAxes{
    Axis{0, "digital.input", "1", 1, false, 0},
    Axis{1, "digital.output", "1", 1, false, 0},
    Axis{2, "analog.input", "1", 2, true, -2},
    Axis{3, "analog.output", "1", 2, true, -2},
    Axis{100, "generic", "1", 4, false, 0},
    Axis{101, "illuminance", "lx", 2, false, 0},
    Axis{102, "presence", "1", 1, false, 0},
    Axis{103, "temperature", "Cel", 2, true, -1},
    Axis{104, "humidity", "%", 1, false, -1, 5},
    Axis{113, "acceleration.x", "[g]", 2, true, -3},
    Axis{113, "acceleration.y", "[g]", 2, true, -3},
    Axis{113, "acceleration.z", "[g]", 2, true, -3},
    Axis{115, "pressure.barometric", "hPa", 2, false, -1},
    Axis{116, "voltage", "V", 2, false, -2},
    Axis{117, "current", "A", 2, false, -3},
    Axis{118, "frequency", "Hz", 4, false, 0},
    Axis{120, "percentage", "%", 1, false, 0},
    Axis{121, "altitude", "m", 2, true, 0},
    Axis{122, "load", "kg", 3, true, -3},
    Axis{125, "concentration", "[ppm]", 2, false, 0},
    Axis{128, "power", "W", 2, false, 0},
    Axis{130, "distance", "m", 4, false, -3},
    Axis{131, "energy", "kW.h", 4, false, -3},
    Axis{132, "direction", "deg", 2, false, 0},
    Axis{133, "time.unix", "s", 4, false, 0},
    Axis{134, "rotation.x", "deg/s", 2, true, -2},
    Axis{134, "rotation.y", "deg/s", 2, true, -2},
    Axis{134, "rotation.z", "deg/s", 2, true, -2},
    Axis{135, "colour.red", "1", 1, false, 0},
    Axis{135, "colour.green", "1", 1, false, 0},
    Axis{135, "colour.blue", "1", 1, false, 0},
    Axis{136, "position.latitude", "deg", 3, true, -4},
    Axis{136, "position.longitude", "deg", 3, true, -4},
    Axis{136, "position.altitude", "m", 3, true, -2},
    Axis{142, "switch", "1", 1, false, 0},
};
constexpr std::uint8_t kPositionType = 136;
constexpr std::size_t kAxesPerTypeMax = 3;

// The first axis of each type; kAxes.size() where there is none.
constexpr auto kFirstAxis = [] {
    std::array<std::uint8_t, 256> first{};
    first.fill(kAxes.size());
    for (std::size_t i = kAxes.size(); i-- > 0;) first[kAxes[i].type] = static_cast<uint8_t>(i);
    return first;
}();

std::int64_t read_integer(std::string_view bytes, bool is_signed) {
    std::int64_t number = 0;
    for (const char byte : bytes) number = number << 8 | static_cast<std::uint8_t>(byte);
    const std::int64_t sign = std::int64_t{1} << (8 * bytes.size() - 1);
    return is_signed && number >= sign ? number - 2 * sign : number;
}

class CayenneLppDecoder final : public Decoder {
  public:
    explicit CayenneLppDecoder(const settings::Format& format);

    Decoded<void> decode(const model::Frame& frame, model::Readings& out) override;

  private:
    // Takes an item off the front of `rest` and adds its readings, which begin as `reading`.
    Decoded<void> add_item(std::string_view& rest, Reading reading, model::Readings& out) const;
    std::string_view quantity(std::size_t axis, std::uint8_t channel) const;

    struct ChannelName {
        std::size_t axis;
        std::uint8_t channel;
        std::string quantity;
    };
    std::array<std::string, kAxes.size()> quantities_;
    std::vector<ChannelName> channel_names_;
};

CayenneLppDecoder::CayenneLppDecoder(const settings::Format& format) {
    for (std::size_t axis = 0; axis < kAxes.size(); ++axis) {
        const std::string name{kAxes[axis].quantity};
        const auto renamed = format.quantities.find(name);
        quantities_[axis] = renamed != format.quantities.end() ? renamed->second : name;
        for (unsigned channel = 0; channel <= UINT8_MAX; ++channel) {
            const auto special = format.quantities.find(name + "." + std::to_string(channel));
            if (special == format.quantities.end()) continue;
            channel_names_.push_back({axis, static_cast<std::uint8_t>(channel), special->second});
        }
    }
}

Decoded<void> CayenneLppDecoder::decode(const model::Frame& frame, model::Readings& out) {
    const std::size_t before = out.size();
    Reading reading;
    reading.observed_at = frame.received_at;
    std::string_view rest = frame.payload;
    while (!rest.empty()) {
        if (auto added = add_item(rest, reading, out); !added) {
            out.truncate(before);
            return added;
        }
    }
    return {};
}

Decoded<void> CayenneLppDecoder::add_item(
    std::string_view& rest, Reading reading, model::Readings& out
) const {
    constexpr std::size_t kHeaderBytes = 2;
    const Fault truncated{Refusal::truncated, translatable("the frame ends within an item")};
    if (rest.size() < kHeaderBytes) return truncated;
    const auto channel = static_cast<std::uint8_t>(rest[0]);
    const auto type = static_cast<std::uint8_t>(rest[1]);
    rest.remove_prefix(kHeaderBytes);
    const std::size_t first = kFirstAxis[type];
    if (first == kAxes.size())
        return Fault{Refusal::malformed, translatable("the frame has an unknown Cayenne LPP type")};

    std::array<Decimal, kAxesPerTypeMax> values{};
    std::size_t end = first;
    for (; end < kAxes.size() && kAxes[end].type == type; ++end) {
        const Axis& axis = kAxes[end];
        if (rest.size() < axis.bytes) return truncated;
        const auto number = read_integer(rest.substr(0, axis.bytes), axis.is_signed);
        values[end - first] = {number * axis.factor, axis.exponent};
        rest.remove_prefix(axis.bytes);
    }

    const std::array attributes{
        Attribute{"channel", Decimal{channel, 0}},
        Attribute{"lpp_type", Decimal{type, 0}},
        Attribute{"location", model::Position{values[0], values[1]}}};
    reading.attributes =
        out.keep(std::span{attributes}.first(attributes.size() - (type == kPositionType ? 0 : 1)));
    for (std::size_t axis = first; axis < end; ++axis) {
        reading.quantity = quantity(axis, channel);
        reading.unit = kAxes[axis].unit;
        reading.value = values[axis - first];
        if (!out.add(reading))
            return Fault{Refusal::limit_exceeded, translatable("too many readings in a message")};
    }
    return {};
}

std::string_view CayenneLppDecoder::quantity(std::size_t axis, std::uint8_t channel) const {
    for (const ChannelName& name : channel_names_) {
        if (name.axis == axis && name.channel == channel) return name.quantity;
    }
    return quantities_[axis];
}

}  // namespace

std::unique_ptr<Decoder> make_cayenne_lpp_decoder(const settings::Format& format) {
    return std::make_unique<CayenneLppDecoder>(format);
}

}  // namespace gateway::decode
