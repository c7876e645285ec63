#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace gateway::subject {

// What somebody asks at the desk. The identity is wiped when the request goes.
struct Request {
    std::vector<std::string> datasets;
    std::string field = "device";
    std::string identity;
    std::string reference;    // of a consent or a restriction: the form, the file
    std::string confirm;      // of an erasure: the SHA-256 of what was prepared
    std::uint64_t after = 0;  // of an export: the position that the last page ended at
    bool letters = false;     // of an export: dead letters instead of readings
    bool two_step = false;    // nothing is erased that was not prepared

    Request() = default;
    Request(Request&&) = default;
    Request& operator=(Request&&) = default;
    Request(const Request&) = delete;
    Request& operator=(const Request&) = delete;
    ~Request();
};

// Named bounds of what a request may say.
inline constexpr std::size_t kDatasetsAskedMax = 64;
inline constexpr std::size_t kIdentityBytesMax = 256;
inline constexpr std::size_t kReferenceBytesMax = 128;

// JSON with the members of Request, each of which may be left out. Nothing if it is anything else,
// or beyond a bound, or has control characters in it.
std::optional<Request> parse_request(std::string_view json);
std::string to_json(const Request& request);

// Writes zeros over a text before it goes.
void wipe(std::string& text);

}  // namespace gateway::subject
