#include "gateway/cli/http_lines.hpp"

#include "gateway/cli/http_get.hpp"

namespace gateway::cli {

using boost::system::errc::make_error_code;
using Clock = std::chrono::steady_clock;

model::Result<int> HttpLines::open(
    const std::string& address,
    const std::string& path,
    const std::string& body,
    std::chrono::milliseconds patience
) {
    constexpr std::size_t kHeaderBytesMax = 64 * 1024;
    connection_.set_deadline(Clock::now() + patience);
    if (const auto failure = connection_.connect(address)) return failure;
    if (const auto failure = connection_.send(post_request(path, address, body))) return failure;
    while (text_.size() <= kHeaderBytesMax) {
        if (auto answer = parse_answer(text_)) {
            text_ = std::move(answer->body);
            return answer->status;
        }
        const auto count = connection_.receive(text_);
        if (!count) return count.error();
        if (*count == 0) break;
    }
    return make_error_code(boost::system::errc::bad_message);
}

model::Result<std::string> HttpLines::next(std::chrono::milliseconds patience) {
    connection_.set_deadline(Clock::now() + patience);
    while (!has_line()) {
        text_.erase(0, begin_);
        begin_ = 0;
        if (text_.size() > kLineBytesMax) return make_error_code(boost::system::errc::message_size);
        const auto count = connection_.receive(text_);
        if (!count) return count.error();
        if (*count == 0) return make_error_code(boost::system::errc::connection_aborted);
    }
    const std::size_t end = text_.find('\n', begin_);
    std::string line = text_.substr(begin_, end - begin_);
    begin_ = end + 1;
    return line;
}

}  // namespace gateway::cli
