#pragma once
#include <cstdint>
#include <string_view>

namespace drivers::coap {

// False where a request's Content-Format option (RFC 7252, 12.3) contradicts the format of the
// source: JSON sent to a source of SenML in CBOR is refused with 4.15 before it is decoded.
// application/octet-stream, and any option for a format that has no number, contradicts nothing.
bool may_be(std::string_view source_format, std::uint32_t content_format);

}  // namespace drivers::coap
