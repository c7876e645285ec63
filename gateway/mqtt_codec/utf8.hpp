#pragma once
#include <string_view>

namespace gateway::mqtt_codec {

// True for what may stand in a packet as a text (1.5.3 in 3.1.1, 1.5.4 in 5): well-formed UTF-8
// (Unicode 15, table 3-7: no overlong forms, no surrogates, nothing past U+10FFFF) without U+0000.
// Control and other non-characters are let through, as both standards allow.
bool is_text(std::string_view bytes);

}  // namespace gateway::mqtt_codec
