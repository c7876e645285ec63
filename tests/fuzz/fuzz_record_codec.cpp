// libFuzzer harness of the bytes of a segment. The first byte of an input says what the others are:
// 0, a body as it may stand on a damaged disk; 1, a content, whose form and checksum are added, so
// that what lies behind them is reached; 2, readings, which must come out as they went in.
#include "gateway/buffer/record_codec.hpp"
#include "tests/fuzz/require.hpp"

#include <fuzzer/FuzzedDataProvider.h>
#include <zlib.h>

#include <cstdint>
#include <span>
#include <vector>

namespace {

using namespace gateway;
using namespace gateway::buffer;
using tests::fuzz::require;

constexpr std::size_t kReadingsMax = 200;
constexpr std::size_t kTextsMax = 8;

struct Decoded {
    std::vector<SegmentReading> readings;
    SegmentTexts texts;
};

std::vector<std::byte> copy(std::span<const std::byte> bytes) {
    return {bytes.begin(), bytes.end()};
}

// A body that is taken holds only what can be written again, and read the same.
void check_body(RecordCodec& codec, std::span<const std::byte> body) {
    Decoded first;
    if (!codec.decode(body, first.readings, first.texts)) return;
    require(!first.readings.empty() && first.readings.size() <= kSegmentReadingsMax);
    for (const SegmentReading& reading : first.readings) {
        require(reading.quantity < first.texts.quantities.size());
        require(reading.attributes < first.texts.attributes.size());
    }
    const auto again = copy(codec.encode(first.readings, first.texts));
    Decoded second;
    require(codec.decode(again, second.readings, second.texts));
    require(second.readings.size() == first.readings.size());
    const auto third = copy(codec.encode(second.readings, second.texts));
    require(third == again);
}

std::vector<std::byte> sealed(std::span<const std::byte> content) {
    std::vector<std::byte> body{std::byte{0}};
    body.insert(body.end(), content.begin(), content.end());
    const auto sum = crc32_z(0, reinterpret_cast<const Bytef*>(body.data()), body.size());
    for (unsigned shift = 0; shift < 32; shift += 8)
        body.push_back(static_cast<std::byte>(sum >> shift));
    return body;
}

SegmentReading some_reading(FuzzedDataProvider& input, const SegmentTexts& texts) {
    SegmentReading reading;
    reading.mantissa = input.ConsumeIntegral<std::int64_t>();
    reading.observed_at =
        model::Instant{std::chrono::milliseconds{input.ConsumeIntegral<std::int64_t>()}};
    reading.device = input.ConsumeIntegral<std::uint32_t>();
    reading.attributes = input.ConsumeIntegralInRange<std::uint32_t>(
        0, static_cast<std::uint32_t>(texts.attributes.size() - 1)
    );
    reading.quantity = input.ConsumeIntegralInRange<std::uint16_t>(
        0, static_cast<std::uint16_t>(texts.quantities.size() - 1)
    );
    reading.exponent = input.ConsumeIntegral<std::int8_t>();
    reading.time_quality = static_cast<model::TimeQuality>(input.ConsumeIntegralInRange(0, 3));
    return reading;
}

Decoded some_readings(FuzzedDataProvider& input) {
    Decoded made;
    const auto quantities = input.ConsumeIntegralInRange<std::size_t>(1, kTextsMax);
    for (std::size_t i = 0; i < quantities; ++i)
        made.texts.quantities.push_back(
            {input.ConsumeRandomLengthString(64), input.ConsumeRandomLengthString(16)}
        );
    const auto attributes = input.ConsumeIntegralInRange<std::size_t>(0, kTextsMax);
    for (std::size_t i = 0; i < attributes; ++i)
        made.texts.attributes.push_back(input.ConsumeRandomLengthString(64));
    const auto count = input.ConsumeIntegralInRange<std::size_t>(1, kReadingsMax);
    for (std::size_t i = 0; i < count; ++i)
        made.readings.push_back(some_reading(input, made.texts));
    return made;
}

// What a reading is, with its texts instead of their places in a list.
struct Meaning {
    SegmentReading reading;
    QuantityName quantity;
    std::string attributes;

    bool operator==(const Meaning&) const = default;
};

Meaning meaning_of(const SegmentReading& reading, const SegmentTexts& texts) {
    Meaning meaning{
        reading, texts.quantities[reading.quantity], texts.attributes[reading.attributes]};
    meaning.reading.quantity = 0;
    meaning.reading.attributes = 0;
    return meaning;
}

// Texts may stand in another order afterwards, and twice the same once.
void check_readings(RecordCodec& codec, const Decoded& in) {
    const auto body = copy(codec.encode(in.readings, in.texts));
    Decoded out;
    require(codec.decode(body, out.readings, out.texts));
    require(out.readings.size() == in.readings.size());
    for (std::size_t i = 0; i < in.readings.size(); ++i)
        require(meaning_of(in.readings[i], in.texts) == meaning_of(out.readings[i], out.texts));
    Decoded cut;
    require(!codec.decode(std::span(body).first(body.size() - 1), cut.readings, cut.texts));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
    static RecordCodec codec;
    if (size == 0) return 0;
    const auto rest = std::as_bytes(std::span(bytes, size).subspan(1));
    FuzzedDataProvider input(bytes + 1, size - 1);
    switch (bytes[0]) {
        case 0:
            check_body(codec, rest);
            break;
        case 1:
            check_body(codec, sealed(rest));
            break;
        case 2:
            check_readings(codec, some_readings(input));
            break;
        default:
            return -1;  // not worth keeping
    }
    return 0;
}
