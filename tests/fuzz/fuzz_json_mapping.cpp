// libFuzzer harness of the JSON decoder with a mapping of the input's own, whatever its pointers
// name. Input: lines of a key and a pointer, an empty line, the message:
//     device /id
//     reading /m3
//
//     {"id":"m-1","m3":1.5}
#include "tests/fuzz/decode_twice.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace {

using namespace gateway;

constexpr std::size_t kPointersMax = 64;

std::string_view take_line(std::string_view& text) {
    const std::string_view line = text.substr(0, text.find('\n'));
    text.remove_prefix(std::min(line.size() + 1, text.size()));
    return line;
}

void map(settings::JsonMapping& mapping, std::string_view key, std::string pointer) {
    const std::string number = std::to_string(mapping.readings.size() + mapping.attributes.size());
    if (key == "device")
        mapping.device = std::move(pointer);
    else if (key == "time")
        mapping.time = std::move(pointer);
    else if (key == "seconds")
        mapping.time_unit = settings::JsonMapping::TimeUnit::second;
    else if (key == "samples")
        mapping.samples = std::move(pointer);
    else if (key == "reading")
        mapping.readings.push_back({number, std::move(pointer), "m3"});
    else if (key == "attribute")
        mapping.attributes.emplace(number, std::move(pointer));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
    static model::Readings readings;
    std::string_view text{reinterpret_cast<const char*>(bytes), size};
    settings::Format format;
    for (std::size_t i = 0; i < kPointersMax; ++i) {
        const std::string_view line = take_line(text);
        if (line.empty()) break;
        const std::size_t blank = std::min(line.find(' '), line.size());
        map(format.json,
            line.substr(0, blank),
            std::string(line.substr(std::min(blank + 1, line.size()))));
    }
    const auto decoder = decode::make_decoder(format);
    model::Frame frame;
    frame.payload = text;
    tests::fuzz::decode_twice(*decoder, frame, readings);
    return 0;
}
