#pragma once
#include <optional>
#include <string>

namespace gateway::cli {

// A text as a QR code (ISO/IEC 18004) for a terminal with light letters on a dark ground: two rows
// of modules a line, in half blocks, with the quiet zone around it. Nothing if the text is too long
// for a terminal of 80 columns.
std::optional<std::string> qr_code(const std::string& text);

}  // namespace gateway::cli
