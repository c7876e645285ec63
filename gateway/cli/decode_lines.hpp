#pragma once
#include "gateway/cli/line_decoder.hpp"

#include <iosfwd>

namespace gateway::cli {

// Decodes each line of `in` and writes one line to `out` at once, either
//     {"readings":[{"device","quantity","value","unit","time","attributes"}, …]}
// or  {"error":{"code","message"}}, the code being the refusal's name and the message translated.
// True if every line was decoded.
bool decode_lines(std::istream& in, std::ostream& out, const DecodeOptions& options);

}  // namespace gateway::cli
