#include "numbered_readings.hpp"

#include <array>

namespace tests::proof {

using namespace gateway;

namespace {

constexpr std::uint64_t kDevices = 11;
constexpr std::uint64_t kTextBytesMax = 2000;
constexpr std::uint64_t kNoiseBytes = 64 * 1024;
constexpr std::int8_t kExponent = -2;
const model::Quantity kVolume{"water.volume", "m3"};
const model::Quantity kPower{"power.active", "W"};
constexpr model::Instant kFirst{std::chrono::sys_days{std::chrono::year{2026} / 3 / 1}};

// Looks random, so that readings take the room they would take.
std::uint64_t scrambled(std::uint64_t number) {
    number = (number ^ number >> 30) * 0xbf58476d1ce4e5b9U;
    number = (number ^ number >> 27) * 0x94d049bb133111ebU;
    return number ^ number >> 31;
}

// Letters that do not compress well.
const std::string& noise() {
    static const std::string made = [] {
        std::string letters(kNoiseBytes, ' ');
        for (std::size_t i = 0; i < letters.size(); ++i)
            letters[i] = static_cast<char>('0' + scrambled(i) % 43);  // to Z
        return letters;
    }();
    return made;
}

std::string attributes_of(std::uint64_t number) {
    if (number % 3 != 0) return "{}";
    const std::uint64_t bytes = scrambled(number) % kTextBytesMax;
    const std::uint64_t from = scrambled(bytes + number) % (kNoiseBytes - kTextBytesMax);
    return R"({"note":")" + noise().substr(from, bytes) + R"("})";
}

std::string device_of(std::uint64_t number) {
    return "meter-" + std::to_string(scrambled(number) % kDevices);
}

const model::Quantity& quantity_of(std::uint64_t number) {
    return number % 2 == 0 ? kVolume : kPower;
}

model::Instant time_of(std::uint64_t number) {
    return kFirst + std::chrono::milliseconds{scrambled(number) % 1'000'000'000};
}

model::TimeQuality quality_of(std::uint64_t number) {
    return static_cast<model::TimeQuality>(number % 4);
}

}  // namespace

void add_numbered(support::PublicReadings& readings, std::uint64_t number) {
    const std::string device = device_of(number);
    const std::string attributes = attributes_of(number);
    support::PublicFields fields;
    fields.device = device;
    fields.quantity = &quantity_of(number);
    fields.value = model::Decimal{static_cast<std::int64_t>(number), kExponent};
    fields.observed_at = time_of(number);
    fields.time_quality = quality_of(number);
    fields.attributes = attributes;
    readings.add(fields);
}

std::uint64_t number_of(const buffer::StoredReading& reading) {
    return static_cast<std::uint64_t>(reading.value.mantissa);
}

std::string differences(const buffer::StoredReading& reading, const buffer::Batch& batch) {
    const std::uint64_t number = number_of(reading);
    const buffer::QuantityName quantity{quantity_of(number).name, quantity_of(number).unit};
    std::string found;
    if (reading.value.exponent != kExponent) found += " exponent";
    if (batch.devices.at(reading.device) != device_of(number)) found += " device";
    if (batch.quantities.at(reading.quantity) != quantity) found += " quantity";
    if (batch.attributes.at(reading.attributes) != attributes_of(number)) found += " attributes";
    if (reading.observed_at != time_of(number)) found += " time";
    if (reading.time_quality != quality_of(number)) found += " quality";
    return found;
}

}  // namespace tests::proof
