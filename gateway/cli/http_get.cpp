#include "gateway/cli/http_get.hpp"

#include "gateway/cli/http_connection.hpp"
#include "gateway/runtime/wipe.hpp"

#include <charconv>
#include <optional>
#include <string_view>

namespace gateway::cli {
namespace {

using boost::system::error_code;
using boost::system::errc::make_error_code;

// Everything until the peer closes. What was read may be personal: it is in `bytes` alone.
error_code receive_all(HttpConnection& connection, std::string& bytes) {
    while (bytes.size() <= kHttpAnswerMax) {
        const auto count = connection.receive(bytes);
        if (!count) return count.error();
        if (*count == 0) return {};
    }
    return make_error_code(boost::system::errc::message_size);
}

model::Result<HttpAnswer> exchange(
    const std::string& address, const std::string& request, std::chrono::milliseconds patience
) {
    HttpConnection connection{std::chrono::steady_clock::now() + patience};
    if (const auto failure = connection.connect(address)) return failure;
    const auto unsent = connection.send(request);
    std::string text;
    const auto failure = receive_all(connection, text);
    auto answer = parse_answer(text);
    runtime::wipe(text);
    // Who refuses a long request answers, and leaves, before all of it has come.
    if (unsent && !answer) return unsent;
    if (failure && !unsent) return failure;
    if (!answer) return make_error_code(boost::system::errc::bad_message);
    return *std::move(answer);
}

}  // namespace

std::optional<HttpAnswer> parse_answer(std::string_view text) {
    constexpr std::string_view kStart = "HTTP/1.1 ";
    constexpr std::string_view kEnd = "\r\n\r\n";
    const auto end = text.find(kEnd);
    if (!text.starts_with(kStart) || end == std::string_view::npos) return std::nullopt;
    HttpAnswer answer;
    const char* const code = text.data() + kStart.size();
    const auto [rest, failure] = std::from_chars(code, text.data() + end, answer.status);
    if (failure != std::errc{} || rest != code + 3) return std::nullopt;
    answer.body = std::string{text.substr(end + kEnd.size())};
    return answer;
}

model::Result<HttpAnswer> http_get(
    const std::string& address, const std::string& path, std::chrono::milliseconds patience
) {
    return exchange(address, get_request(path, address), patience);
}

model::Result<HttpAnswer> http_post(
    const std::string& address,
    const std::string& path,
    const std::string& body,
    std::chrono::milliseconds patience
) {
    std::string request = post_request(path, address, body);
    auto answer = exchange(address, request, patience);
    runtime::wipe(request);  // the body may be personal
    return answer;
}

}  // namespace gateway::cli
