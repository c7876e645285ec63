#pragma once
// Requests and answers of CoAP (RFC 7252) as the driver sees them, free of the library's types.
#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>

namespace drivers::coap {

// Codes as on the wire: class in the upper three bits (RFC 7252, 12.1; RFC 7959, 2.9).
enum class Code : std::uint8_t {
    post = 0x02,
    put = 0x03,
    changed = 0x44,                     // 2.04
    continued = 0x5f,                   // 2.31
    bad_request = 0x80,                 // 4.00
    unauthorized = 0x81,                // 4.01
    forbidden = 0x83,                   // 4.03
    not_found = 0x84,                   // 4.04
    method_not_allowed = 0x85,          // 4.05
    request_entity_incomplete = 0x88,   // 4.08
    request_entity_too_large = 0x8d,    // 4.13
    unsupported_content_format = 0x8f,  // 4.15
    service_unavailable = 0xa3,         // 5.03
};

// The value of a Block1 option (RFC 7959, 2.2).
struct Block {
    std::uint32_t number = 0;
    bool more = false;
    std::uint8_t size_exponent = 6;  // a block has 2^(size_exponent + 4) bytes; 7 is reserved

    std::size_t size() const { return std::size_t{1} << (size_exponent + 4); }
    bool operator==(const Block&) const = default;
};

struct Request {
    std::string sender;    // transport address and, over DTLS, identity: who sent it
    std::string identity;  // PSK identity; empty over plain UDP
    std::string path;      // segments joined by "/", without a leading one
    std::string token;
    std::string payload;
    std::uint16_t message_id = 0;
    std::uint8_t code = 0;
    bool is_confirmable = false;
    bool has_valid_key = true;   // false where the identity's key is gone or another one by now
    bool has_valid_path = true;  // false where a segment contains a "/": it would pass for two
    std::optional<std::uint32_t> content_format;
    std::optional<std::uint32_t> size1;
    std::optional<Block> block1;
};

struct Answer {
    Code code = Code::changed;
    std::optional<Block> block1{};
    std::optional<std::uint32_t> size1{};
    std::optional<std::chrono::seconds> max_age{};
    std::string diagnostic{};  // RFC 7252, 5.5.2

    Answer() = default;
    explicit Answer(Code code_) : code(code_) {}
    bool operator==(const Answer&) const = default;
};

// What is needed to answer a request later. Keeps the sender's session alive: no ticket may outlive
// its server.
struct Ticket {
    std::shared_ptr<void> session;
    std::string token;
    std::string sender;
    bool is_confirmable = false;
};

}  // namespace drivers::coap
