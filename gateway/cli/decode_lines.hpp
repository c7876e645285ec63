#pragma once
#include "gateway/cli/decode_line.hpp"
#include "gateway/decode/decoder.hpp"
#include "gateway/model/time.hpp"

#include <functional>
#include <iosfwd>
#include <optional>
#include <string>
#include <vector>

namespace gateway::cli {

struct DecodeOptions {
    settings::Format format;  // one that the catalogue has
    DecodeLineReader::Encoding encoding = DecodeLineReader::Encoding::text;
    // Of a source: readings get what the topic and the identity say of them, as on the way in.
    std::optional<std::vector<std::string>> topics;
    std::string topic;                    // of a line that does not say its own
    std::function<model::Instant()> now;  // when a line that does not say it was received
};

// Decodes each line of `in` and writes one line to `out` at once, either
//     {"readings":[{"device","quantity","value","unit","time","attributes"}, …]}
// or  {"error":{"code","message"}}, the code being the refusal's name and the message translated.
// True if every line was decoded.
bool decode_lines(std::istream& in, std::ostream& out, const DecodeOptions& options);

}  // namespace gateway::cli
