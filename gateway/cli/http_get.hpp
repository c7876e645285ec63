#pragma once
#include "gateway/model/result.hpp"

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace gateway::cli {

struct HttpAnswer {
    int status = 0;
    std::string body;
};

// Longer answers are cut off as faulty: a status report is a few kilobytes.
inline constexpr std::size_t kHttpAnswerMax = 4 << 20;

// Asks an endpoint of this machine for `path` by HTTP/1.1 and waits for the answer, at most
// `patience` for the whole. `address` is the path of a unix socket (with its first '/') or
// "host:port" with a numeric host. Errors: those of the sockets, timed_out, bad_message for an
// answer that is not HTTP.
model::Result<HttpAnswer> http_get(
    const std::string& address, const std::string& path, std::chrono::milliseconds patience
);

// An answer as it came: a whole header and what there is of the body. Nothing if the header is not
// whole, or not HTTP/1.1.
std::optional<HttpAnswer> parse_answer(std::string_view text);

// The same by POST, with a body of JSON.
model::Result<HttpAnswer> http_post(
    const std::string& address,
    const std::string& path,
    const std::string& body,
    std::chrono::milliseconds patience
);

}  // namespace gateway::cli
