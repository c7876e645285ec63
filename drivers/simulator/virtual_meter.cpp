#include "drivers/simulator/virtual_meter.hpp"

#include "drivers/simulator/curve.hpp"

#include <algorithm>

namespace drivers::simulator {

namespace model = gateway::model;

VirtualMeter::VirtualMeter(std::uint64_t seed, int number)
    : seed_(mixed(seed, static_cast<std::uint64_t>(number))) {
    const std::string digits = std::to_string(number);
    constexpr std::size_t kDigits = 6;
    device_ = "sim-" + std::string(digits.size() < kDigits ? kDigits - digits.size() : 0, '0');
    device_ += digits;
}

model::Decimal VirtualMeter::value(
    std::string_view quantity, std::string_view unit, model::Instant at
) const {
    std::uint64_t seed = seed_;
    for (const char letter : quantity) seed = mixed(seed, static_cast<std::uint8_t>(letter));
    return sample(curve_of(quantity, unit), seed, at);
}

std::string topic(std::string_view pattern, const VirtualMeter& meter) {
    std::string topic;
    for (std::size_t start = 0; start <= pattern.size();) {
        const std::size_t end = std::min(pattern.find('/', start), pattern.size());
        const std::string_view level = pattern.substr(start, end - start);
        const bool is_open = level.starts_with('{') || level == "+" || level == "#";
        if (start > 0) topic += '/';
        if (level == "{device}")
            topic += meter.device();
        else
            topic += is_open ? std::string_view("sim") : level;
        start = end + 1;
    }
    return topic;
}

}  // namespace drivers::simulator
