#pragma once
#include <string>
#include <string_view>

namespace gateway::model {

// Appends `text`, valid UTF-8, as a JSON string with its quotes (RFC 8259 section 7).
void append_json_string(std::string& out, std::string_view text);

}  // namespace gateway::model
