#pragma once
#include <span>
#include <string>
#include <string_view>

namespace gateway::runtime {

// Keys and signatures as people pass them on: base64 with padding (RFC 4648 section 4). Takes as
// long whatever the bytes are.
std::string key_text(std::span<const unsigned char> bytes);

// Fills `key` with what the text says; false when that is not exactly as many bytes.
bool parse_key(std::string_view text, std::span<unsigned char> key);

}  // namespace gateway::runtime
