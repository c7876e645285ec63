// libFuzzer harness of one payload format, FUZZED_FORMAT. Each input is decoded twice into readings
// that hold one already: nothing may crash, a fault may leave nothing behind, and the second time
// must give what the first gave.
#include "gateway/decode/decoder.hpp"

#include <cstdint>
#include <cstdlib>
#include <memory>

namespace {

using namespace gateway;

// What makes a decoder do most: every kind of mapping, and names to rename.
settings::Format fuzzed_format() {
    settings::Format format;
    format.name = FUZZED_FORMAT;
    format.payload = FUZZED_PAYLOAD;
    format.json.device = "/id";
    format.json.time = "/t";
    format.json.samples = "/s";
    format.json.readings = {{"a", "/a", "m3"}, {"b", "/b/c", ""}, {"d", "/d/0", ""}};
    format.json.attributes = {{"site", "/site"}, {"location", "/at"}};
    format.quantities = {{"temperature", "air.temperature"}, {"a.b", "c"}};
    return format;
}

void require(bool holds) {
    if (!holds) std::abort();
}

std::size_t count_readings(
    decode::Decoder& decoder, const model::Frame& frame, model::Readings& readings
) {
    readings.clear();
    model::Reading earlier;
    earlier.quantity = "earlier";
    require(readings.add(earlier));
    const auto decoded = decoder.decode(frame, readings);
    require(!readings.empty() && readings.all().front().quantity == "earlier");
    require(decoded || readings.size() == 1);
    return readings.size();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
    static const std::unique_ptr<decode::Decoder> decoder = decode::make_decoder(fuzzed_format());
    static model::Readings readings;
    model::Frame frame;
    frame.payload.assign(reinterpret_cast<const char*>(bytes), size);
    const std::size_t first = count_readings(*decoder, frame, readings);
    require(count_readings(*decoder, frame, readings) == first);
    return 0;
}
