#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace drivers::serial {

// The payloads of frames other than READINGS: the messages of proto/passerelle/v1/node.proto.

inline constexpr std::uint32_t kVersion = 1;  // of the link

struct Hello {
    std::uint32_t version_min = 0, version_max = 0;
    std::string node;  // may be personal, and anything at all
    std::uint32_t incarnation = 0;
    std::uint32_t next = 0;  // first sequence that is not acknowledged
    std::uint32_t lost = 0;  // readings that its queue had no room for
    std::string vendor, device_class;
    std::uint32_t firmware = 0;         // sequence of the one that runs
    std::uint32_t settings = 0;         // sequence of those in force; 0: none
    std::uint32_t image_bytes_max = 0;  // 0: it takes no updates
    bool is_on_trial = false;           // its firmware is not confirmed yet
};

struct UpdateAsk {
    std::uint32_t update = 0;  // sequence of its manifest
    std::uint32_t size = 0;    // bytes wanted
};

struct Status {
    std::uint32_t lost = 0;  // readings that its queue had no room for
};

struct Acknowledgement {
    std::uint32_t expected = 0;
    std::uint32_t window = 0;
    bool gap = false;
    std::uint64_t unix_ms = 0;  // 0: not known
};

struct Welcome {
    std::string node;
    std::uint32_t incarnation = 0;
    std::uint32_t window = 0;
    std::uint64_t unix_ms = 0;  // 0: not known
};

// The values of the wire.
enum class Refused : std::uint8_t { malformed = 0, not_admitted = 1 };
enum class TurnedAway : std::uint8_t { version = 0, address_in_use = 1, not_listed = 2, full = 3 };

// Nothing where the bytes are no such message.
std::optional<Hello> parse_hello(std::string_view payload);
std::optional<Status> parse_status(std::string_view payload);
std::optional<UpdateAsk> parse_update_ask(std::string_view payload);

std::string payload_of(const Acknowledgement& acknowledgement);
std::string payload_of(const Welcome& welcome);
std::string payload_of(Refused cause);
std::string payload_of(TurnedAway cause);

}  // namespace drivers::serial
