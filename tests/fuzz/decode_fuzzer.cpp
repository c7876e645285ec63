// libFuzzer harness of one payload format, FUZZED_FORMAT.
#include "tests/fuzz/decode_twice.hpp"

#include <cstdint>
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

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
    static const std::unique_ptr<decode::Decoder> decoder = decode::make_decoder(fuzzed_format());
    static model::Readings readings;
    model::Frame frame;
    frame.payload.assign(reinterpret_cast<const char*>(bytes), size);
    tests::fuzz::decode_twice(*decoder, frame, readings);
    return 0;
}
