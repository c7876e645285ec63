#pragma once
#include <array>
#include <charconv>
#include <cstdint>
#include <string>
#include <string_view>

namespace bench {

inline constexpr std::size_t kMeterPayloadBytes = 120;
inline constexpr std::uint64_t kFirstSecond = 1'764'000'000;  // of the reading with the number 0

// One reading of a meter. The same (meter, number, time) always gives the same bytes, so that a
// message can be made again to be sent again.
struct MeterReading {
    std::uint32_t meter = 0;
    std::uint64_t number = 0;
    std::uint64_t time = 0;  // seconds or milliseconds since 1970
};

namespace detail {

inline void append_number(std::string& out, std::uint64_t value, std::size_t digits_min = 1) {
    std::array<char, 20> digits{};
    const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), value).ptr;
    const auto count = static_cast<std::size_t>(end - digits.data());
    if (count < digits_min) out.append(digits_min - count, '0');
    out.append(digits.data(), count);
}

}  // namespace detail

inline void append_meter_name(std::string& out, std::uint32_t meter) {
    out += "meter-";
    detail::append_number(out, meter, 6);
}

// Appends the 120-byte JSON message that all figures are about: what a smart meter might send. Up
// to 4 bytes longer where the time is in milliseconds.
inline void append_meter_payload(std::string& out, const MeterReading& reading) {
    const std::size_t start = out.size();
    const auto& [meter, number, time] = reading;
    const std::uint64_t mix = (meter * 0x9E3779B97F4A7C15ULL) ^ (number * 0xBF58476D1CE4E5B9ULL);
    const std::uint64_t energy_wh = meter * 7919ULL % 90'000'000ULL + number * 13ULL + mix % 11ULL;
    const std::uint64_t power_dw = (mix >> 17U) % 40'000U;
    out += R"({"deviceId":")";
    append_meter_name(out, meter);
    out += R"(","ts":)";
    detail::append_number(out, time);
    out += R"(,"seq":)";
    detail::append_number(out, number);
    out += R"(,"energy_kwh":)";
    detail::append_number(out, energy_wh / 1000);
    out += '.';
    detail::append_number(out, energy_wh % 1000, 3);
    out += R"(,"power_w":)";
    detail::append_number(out, power_dw / 10);
    out += '.';
    detail::append_number(out, power_dw % 10);
    out += R"(,"customer":"C)";
    detail::append_number(out, meter % 100'000U, 5);
    while (out.size() - start + 2 < kMeterPayloadBytes)
        out += static_cast<char>('a' + (meter + out.size() - start) % 26);
    out += R"("})";
}

inline std::string meter_payload(std::uint32_t meter, std::uint64_t number) {
    std::string text;
    text.reserve(kMeterPayloadBytes);
    append_meter_payload(text, {meter, number, kFirstSecond + number});
    return text;
}

}  // namespace bench
