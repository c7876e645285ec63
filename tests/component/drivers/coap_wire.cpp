#include "tests/component/drivers/coap_wire.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>

namespace tests::drivers {

namespace {

constexpr int kExtended1 = 13;
constexpr int kExtended2 = 269;

// The nibble of an option's delta or length; its extension is appended to `extension`.
int nibble(int value, std::string& extension) {
    if (value < kExtended1) return value;
    if (value < kExtended2) {
        extension += static_cast<char>(value - kExtended1);
        return 13;
    }
    extension += static_cast<char>((value - kExtended2) >> 8);
    extension += static_cast<char>((value - kExtended2) & 0xff);
    return 14;
}

int extended(int value, const std::string& bytes, std::size_t& at) {
    const auto byte = [&] {
        return at < bytes.size() ? static_cast<std::uint8_t>(bytes[at++]) : 0;
    };
    if (value == 13) return byte() + kExtended1;
    if (value != 14) return value;
    const int high = byte();
    return high * 256 + byte() + kExtended2;
}

}  // namespace

std::string CoapMessage::bytes() const {
    std::string out;
    out += static_cast<char>(0x40 | static_cast<int>(type) << 4 | static_cast<int>(token.size()));
    out += static_cast<char>(code);
    out += static_cast<char>(id >> 8);
    out += static_cast<char>(id & 0xff);
    out += token;
    int last = 0;
    for (const Option& option : options) {
        std::string extension;
        const int delta = nibble(option.number - last, extension);
        const int length = nibble(static_cast<int>(option.value.size()), extension);
        out += static_cast<char>(delta << 4 | length);
        out += extension + option.value;
        last = option.number;
    }
    if (!payload.empty()) out += '\xff' + payload;
    return out;
}

std::optional<CoapMessage> CoapMessage::parse(const std::string& bytes) {
    if (bytes.size() < 4) return std::nullopt;
    const auto byte = [&](std::size_t at) { return static_cast<std::uint8_t>(bytes[at]); };
    CoapMessage message;
    message.type = static_cast<Type>(byte(0) >> 4 & 3);
    message.code = byte(1);
    message.id = static_cast<std::uint16_t>(byte(2) << 8 | byte(3));
    message.token = bytes.substr(4, byte(0) & 0xf);
    int number = 0;
    for (std::size_t at = 4 + message.token.size(); at < bytes.size();) {
        const int head = byte(at++);
        if (head == 0xff) {
            message.payload = bytes.substr(at);
            break;
        }
        number += extended(head >> 4, bytes, at);
        const int length = extended(head & 0xf, bytes, at);
        const std::string value = bytes.substr(at, static_cast<std::size_t>(length));
        message.options.push_back({static_cast<std::uint16_t>(number), value});
        at += static_cast<std::size_t>(length);
    }
    return message;
}

std::optional<std::string> CoapMessage::option(std::uint16_t number) const {
    for (const Option& each : options)
        if (each.number == number) return each.value;
    return std::nullopt;
}

CoapMessage coap_post(std::uint16_t id, const std::string& path, const std::string& payload) {
    CoapMessage message;
    message.id = id;
    message.token = "t" + std::to_string(id);
    message.payload = payload;
    for (std::size_t start = 0; start <= path.size();) {
        const std::size_t end = std::min(path.find('/', start), path.size());
        message.options.push_back({kUriPath, path.substr(start, end - start)});
        start = end + 1;
    }
    return message;
}

CoapPeer::CoapPeer(std::uint16_t port) : socket_(::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0)) {
    sockaddr_in server{};
    server.sin_family = AF_INET;
    server.sin_port = htons(port);
    server.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    static_cast<void>(::connect(socket_, reinterpret_cast<const sockaddr*>(&server), sizeof server)
    );
}

CoapPeer::~CoapPeer() {
    ::close(socket_);
}

void CoapPeer::send(const std::string& datagram) const {
    static_cast<void>(::send(socket_, datagram.data(), datagram.size(), 0));
}

std::optional<CoapMessage> CoapPeer::receive(int limit_ms) const {
    pollfd waiting{socket_, POLLIN, 0};
    if (::poll(&waiting, 1, limit_ms) != 1) return std::nullopt;
    std::array<char, 2048> room{};
    const ssize_t size = ::recv(socket_, room.data(), room.size(), 0);
    if (size < 0) return std::nullopt;
    return CoapMessage::parse({room.data(), static_cast<std::size_t>(size)});
}

std::optional<CoapMessage> CoapPeer::response_to(const std::string& token) const {
    while (auto message = receive()) {
        if (message->type == CoapMessage::Type::con) {
            CoapMessage ack;
            ack.type = CoapMessage::Type::ack;
            ack.code = 0;
            ack.id = message->id;
            send(ack);
        }
        if (message->code != 0 && message->token == token) return message;
    }
    return std::nullopt;
}

}  // namespace tests::drivers
