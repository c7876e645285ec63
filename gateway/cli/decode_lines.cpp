#include "gateway/cli/decode_lines.hpp"

#include "gateway/cli/reading_json.hpp"

#include <istream>
#include <ostream>
#include <span>
#include <string>

namespace gateway::cli {
namespace {

std::string readings_json(std::span<const model::Reading> readings) {
    std::string json = "{\"readings\":[";
    bool is_first = true;
    for (const auto& reading : readings) {
        if (!is_first) json += ',';
        is_first = false;
        append_reading(json, reading);
    }
    return json + "]}";
}

}  // namespace

bool decode_lines(std::istream& in, std::ostream& out, const DecodeOptions& options) {
    LineDecoder decoder{options};
    bool all_decoded = true;
    for (std::string line; std::getline(in, line);) {
        const auto decoded = decoder.decode(line);
        out << (decoded ? readings_json(decoder.readings().all()) : error_json(decoded.error()))
            << '\n'
            << std::flush;
        all_decoded = all_decoded && decoded.has_value();
    }
    return all_decoded;
}

}  // namespace gateway::cli
