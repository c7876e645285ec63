#pragma once
#include <optional>
#include <string>
#include <string_view>

namespace drivers::serial {

// Consistent Overhead Byte Stuffing (Cheshire and Baker, 1999): bytes without a zero, so that a
// zero can end a frame. Contents of up to 254 bytes, which grow by one.

std::string cobs_encode(std::string_view content);

// Nothing where the bytes are no encoding: a zero among them, or a length that leads past the end.
std::optional<std::string> cobs_decode(std::string_view encoded);

}  // namespace drivers::serial
