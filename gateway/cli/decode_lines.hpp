#pragma once
#include "gateway/cli/decode_line.hpp"
#include "gateway/decode/decoder.hpp"
#include "gateway/model/time.hpp"

#include <functional>
#include <iosfwd>

namespace gateway::cli {

struct DecodeOptions {
    settings::Format format;  // one that the catalogue has
    DecodeLineReader::Encoding encoding = DecodeLineReader::Encoding::text;
    std::function<model::Instant()> now;  // when a line that does not say it was received
};

// Decodes each line of `in` and writes one line to `out` at once, either
//     {"readings":[{"device","quantity","value","unit","time","attributes"}, …]}
// or  {"error":{"code","message"}}, the code being the refusal's name and the message translated.
// True if every line was decoded.
bool decode_lines(std::istream& in, std::ostream& out, const DecodeOptions& options);

}  // namespace gateway::cli
