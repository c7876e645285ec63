#pragma once
// Requests and answers of CoAP (RFC 7252) as the driver sees them, free of the library's types.
#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace drivers::coap {

// Codes as on the wire: class in the upper three bits (RFC 7252, 12.1; RFC 7959, 2.9; RFC 8516).
enum class Code : std::uint8_t {
    get = 0x01,
    post = 0x02,
    put = 0x03,
    valid = 0x43,                       // 2.03
    changed = 0x44,                     // 2.04
    content = 0x45,                     // 2.05
    continued = 0x5f,                   // 2.31
    bad_request = 0x80,                 // 4.00
    unauthorized = 0x81,                // 4.01
    bad_option = 0x82,                  // 4.02
    forbidden = 0x83,                   // 4.03
    not_found = 0x84,                   // 4.04
    method_not_allowed = 0x85,          // 4.05
    request_entity_incomplete = 0x88,   // 4.08
    request_entity_too_large = 0x8d,    // 4.13
    unsupported_content_format = 0x8f,  // 4.15
    too_many_requests = 0x9d,           // 4.29
    service_unavailable = 0xa3,         // 5.03
};

// The value of a Block1 or Block2 option (RFC 7959, 2.2).
struct Block {
    std::uint32_t number = 0;
    bool more = false;
    std::uint8_t size_exponent = 6;  // a block has 2^(size_exponent + 4) bytes; 7 is reserved

    std::size_t size() const { return std::size_t{1} << (size_exponent + 4); }
    bool operator==(const Block&) const = default;
};

inline constexpr std::uint32_t kOctetStream = 42;  // Content-Format (RFC 7252, 12.3)

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
    std::optional<Block> block2;
    std::vector<std::string> queries;  // "name=value"
    std::vector<std::string> etags;    // of what the sender has already
};

struct Answer {
    Code code = Code::changed;
    std::optional<Block> block1{};
    std::optional<Block> block2{};
    std::optional<std::uint32_t> size1{};
    std::optional<std::uint32_t> size2{};
    std::optional<std::uint32_t> content_format{};
    std::optional<std::chrono::seconds> max_age{};
    std::string etag{};     // empty: none
    std::string payload{};  // what was asked for, or why not (RFC 7252, 5.5.2)

    Answer() = default;
    explicit Answer(Code code_, std::string payload_ = {})
        : code(code_), payload(std::move(payload_)) {}
    bool operator==(const Answer&) const = default;
};

// What is needed to answer a request later. Keeps the sender's session alive: no ticket may outlive
// its server.
struct Ticket {
    std::shared_ptr<void> session;
    std::string token;
    std::string sender;
    std::uint16_t message_id = 0;
    bool is_confirmable = false;
};

}  // namespace drivers::coap
