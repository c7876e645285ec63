#pragma once
#include <cstdint>
#include <cstdio>
#include <string>

namespace bench {

// The 120-byte JSON message that all figures are about: what a smart meter might send, the same for
// the same (meter, number).
inline std::string meter_payload(std::uint32_t meter, std::uint64_t number) {
    constexpr std::size_t kSize = 120;
    const std::uint64_t mix = (meter * 0x9E3779B97F4A7C15ULL) ^ (number * 0xBF58476D1CE4E5B9ULL);
    const std::uint64_t energy_wh = meter * 7919ULL % 90'000'000ULL + number * 13ULL + mix % 11ULL;
    const auto power_dw = static_cast<unsigned>((mix >> 17U) % 40'000U);
    std::string text(kSize + 64, '\0');
    const int length = std::snprintf(
        text.data(),
        text.size(),
        R"({"deviceId":"meter-%06u","ts":%llu,"seq":%llu,"energy_kwh":%llu.%03llu,"power_w":%u.%u,"customer":"C%05u)",
        meter,
        1'764'000'000ULL + number,
        static_cast<unsigned long long>(number),
        static_cast<unsigned long long>(energy_wh / 1000),
        static_cast<unsigned long long>(energy_wh % 1000),
        power_dw / 10,
        power_dw % 10,
        meter % 100'000U
    );
    text.resize(static_cast<std::size_t>(length));
    while (text.size() + 2 < kSize) text += static_cast<char>('a' + (meter + text.size()) % 26);
    return text + "\"}";
}

}  // namespace bench
