#pragma once
#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

namespace tests::status {

// A TCP connection to 127.0.0.1 that sends exactly the bytes it is given. Failures to connect throw
// std::system_error.
class PlainClient {
  public:
    explicit PlainClient(std::uint16_t port);
    ~PlainClient();
    PlainClient(PlainClient&& other) noexcept;
    PlainClient(const PlainClient&) = delete;
    PlainClient& operator=(const PlainClient&) = delete;
    PlainClient& operator=(PlainClient&&) = delete;

    // False when the server has closed the connection.
    bool send(std::string_view bytes) const;

    // Everything until the server closes, or until `limit` has passed without a byte.
    std::string receive_all(std::chrono::milliseconds limit) const;

    // Until what was received ends so; or like receive_all().
    std::string receive_until(std::string_view end, std::chrono::milliseconds limit) const;

    bool is_closed_within(std::chrono::milliseconds limit) const;

  private:
    int socket_;
};

}  // namespace tests::status
