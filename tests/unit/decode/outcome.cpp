#include "outcome.hpp"

#include <catch2/catch.hpp>

#include <charconv>

namespace gateway::decode {
namespace {

struct ValueText {
    std::string operator()(model::Decimal number) const { return model::to_string(number); }
    std::string operator()(bool flag) const { return flag ? "true" : "false"; }
    std::string operator()(std::string_view text) const { return '"' + std::string{text} + '"'; }
    std::string operator()(const model::Position& position) const {
        return model::to_string(position.latitude) + "/" + model::to_string(position.longitude);
    }
};

std::string describe(const model::Reading& reading) {
    std::string text{reading.device};
    if (!text.empty()) text += ' ';
    text.append(reading.quantity).append("=").append(to_text(reading.value));
    if (!reading.unit.empty()) text.append(" ").append(reading.unit);
    if (reading.observed_at != kArrival) text += " " + model::to_rfc3339(reading.observed_at);
    if (reading.time_quality != model::TimeQuality::gateway)
        text.append(" ").append(model::to_string(reading.time_quality));
    if (reading.attributes.empty()) return text;
    std::string attributes;
    for (const auto& attribute : reading.attributes) {
        attributes += attributes.empty() ? " [" : " ";
        attributes.append(attribute.name).append("=");
        attributes += std::visit(ValueText{}, attribute.value);
    }
    return text + attributes + "]";
}

}  // namespace

std::string to_text(const model::Value& value) {
    return std::visit(ValueText{}, value);
}

std::string attribute_of(const model::Reading& reading, std::string_view name) {
    for (const auto& attribute : reading.attributes) {
        if (attribute.name == name) return std::visit(ValueText{}, attribute.value);
    }
    return "";
}

Outcome outcome_of(Decoder& decoder, std::string_view payload) {
    const model::Frame frame{{}, "city/sensors/1", "", std::string{payload}, kArrival};
    model::Readings readings;
    model::Reading earlier;
    earlier.quantity = "earlier";
    REQUIRE(readings.add(earlier));
    const auto decoded = decoder.decode(frame, readings);

    Outcome outcome;
    if (!decoded) outcome.cause = decoded.error().cause;
    REQUIRE(readings.size() >= 1);
    CHECK(readings.all().front().quantity == "earlier");
    if (!decoded) CHECK(readings.size() == 1);
    for (const auto& reading : readings.all().subspan(1)) {
        outcome.readings.push_back(describe(reading));
    }
    return outcome;
}

Outcome outcome_of(const settings::Format& format, std::string_view payload) {
    const auto decoder = make_decoder(format);
    REQUIRE(decoder);
    return outcome_of(*decoder, payload);
}

std::string from_hex(std::string_view digits) {
    std::string bytes;
    for (; digits.size() >= 2; digits.remove_prefix(2)) {
        unsigned byte = 0;
        const auto end = std::from_chars(digits.data(), digits.data() + 2, byte, 16).ptr;
        REQUIRE(end == digits.data() + 2);
        bytes += static_cast<char>(byte);
    }
    REQUIRE(digits.empty());
    return bytes;
}

void check_damaged(Decoder& decoder, std::string_view payload) {
    std::string damaged{payload};
    for (std::size_t size = 0; size < payload.size(); ++size) {
        outcome_of(decoder, payload.substr(0, size));
    }
    for (std::size_t bit = 0; bit < 8 * payload.size(); ++bit) {
        const auto flip = static_cast<char>(1U << bit % 8);
        damaged[bit / 8] = static_cast<char>(damaged[bit / 8] ^ flip);
        outcome_of(decoder, damaged);
        damaged[bit / 8] = payload[bit / 8];
    }
}

}  // namespace gateway::decode
