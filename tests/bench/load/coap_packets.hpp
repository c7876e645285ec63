#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace bench {

// The messages of CoAP (RFC 7252, 3) that a client which posts writes and reads.

struct CoapPost {
    std::uint16_t id = 0;
    std::uint32_t token = 0;
    std::string_view path;  // "energy/meter-000001", every segment shorter than 269 bytes
    std::string_view payload;
};

void append_post(std::string& out, const CoapPost& post);  // confirmable, application/json
void append_acknowledgement(std::string& out, std::uint16_t id);

struct CoapAnswer {
    enum class Type { con, non, ack, rst };
    Type type = Type::con;
    unsigned code_class = 0;  // 2 for 2.04; 0: an empty message
    std::uint16_t id = 0;
    std::optional<std::uint32_t> token;  // of 4 bytes, as append_post() writes it
};

// Nothing for what is no CoAP message.
std::optional<CoapAnswer> read_answer(std::string_view datagram);

}  // namespace bench
