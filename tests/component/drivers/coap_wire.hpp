#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace tests::drivers {

// A CoAP message by hand (RFC 7252, 3), so that a test can send what no client library would.
struct CoapMessage {
    enum class Type : std::uint8_t { con, non, ack, rst };
    struct Option {
        std::uint16_t number;
        std::string value;
    };
    Type type = Type::con;
    std::uint8_t code = 0x02;  // POST
    std::uint16_t id = 0;
    std::string token;
    std::vector<Option> options;  // ascending
    std::string payload;

    std::string bytes() const;
    static std::optional<CoapMessage> parse(const std::string& bytes);
    std::optional<std::string> option(std::uint16_t number) const;
};

inline constexpr std::uint16_t kUriPath = 11;
inline constexpr std::uint16_t kContentFormat = 12;
inline constexpr std::uint16_t kMaxAge = 14;
inline constexpr std::uint16_t kBlock1 = 27;
inline constexpr std::uint16_t kSize1 = 60;

// POST <path> with a payload and a token made of the id.
CoapMessage coap_post(std::uint16_t id, const std::string& path, const std::string& payload);

// A device: one UDP socket towards a port of 127.0.0.1.
class CoapPeer {
  public:
    explicit CoapPeer(std::uint16_t port);
    ~CoapPeer();
    CoapPeer(const CoapPeer&) = delete;
    CoapPeer& operator=(const CoapPeer&) = delete;

    void send(const std::string& datagram) const;
    void send(const CoapMessage& message) const { send(message.bytes()); }

    // The next message; nothing if none comes within the limit.
    std::optional<CoapMessage> receive(int limit_ms = 10'000) const;

    // Receives until a response with the token comes, acknowledging what is confirmable.
    std::optional<CoapMessage> response_to(const std::string& token) const;

  private:
    int socket_;
};

}  // namespace tests::drivers
