#pragma once
#include "gateway/cli/http_connection.hpp"
#include "gateway/model/result.hpp"

#include <chrono>
#include <string>

namespace gateway::cli {

// An answer whose lines come one by one, until one of both sides ends it.
class HttpLines {
  public:
    // A longer line is an error: a reading has bounds.
    static constexpr std::size_t kLineBytesMax = 1 << 20;

    // Asks by POST and waits for the header of the answer, at most `patience`; its status. Where
    // and which errors: as http_get(). Once.
    model::Result<int> open(
        const std::string& address,
        const std::string& path,
        const std::string& body,
        std::chrono::milliseconds patience
    );

    // The next line without its end. Errors: connection_aborted when the answer has ended,
    // timed_out after `patience`, message_size, those of the socket.
    model::Result<std::string> next(std::chrono::milliseconds patience);

    // Whether next() would answer at once.
    bool has_line() const { return text_.find('\n', begin_) != std::string::npos; }

  private:
    HttpConnection connection_{{}};
    std::string text_;  // that was received and not taken yet, from begin_ on
    std::size_t begin_ = 0;
};

}  // namespace gateway::cli
