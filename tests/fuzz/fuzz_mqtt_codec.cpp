// libFuzzer harness of the MQTT codec. An input is a byte that says who receives and in which
// version, and what was received. Its packets must be found the same whether the bytes come at once
// or one by one; what is decoded must be encoded to no more bytes, and decoded to the same again.
#include "gateway/mqtt_codec/codec.hpp"
#include "gateway/mqtt_codec/packet_reader.hpp"

#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

namespace {

using namespace gateway::mqtt_codec;

constexpr std::uint8_t kIsClient = 0x01;
constexpr std::uint8_t kIsMqtt5 = 0x02;
constexpr PacketBounds kBounds{4096, 256};  // within reach of an input

void require(bool holds) {
    if (!holds) std::abort();
}

void require_fault(const Fault& fault) {
    require(is_failure(fault.reason) && fault.detail[0] != '\0');
}

// Returns the version in which the rest of the connection speaks.
Version check_packet(std::string_view frame, Version version, Role receiver) {
    const auto decoded = decode(frame, version, receiver);
    const auto answer = answer_version(frame);
    if (!decoded) {
        require_fault(decoded.error());
        return version;
    }
    if (const auto* connect = std::get_if<Connect>(&*decoded); connect != nullptr) {
        version = connect->version;
        require(answer == version);
    }
    std::string encoded;
    require(encode(*decoded, version, encoded));
    require(encoded.size() <= frame.size());
    const auto again = decode(encoded, version, receiver);
    require(again && *again == *decoded);
    std::string encoded_again;
    require(encode(*again, version, encoded_again));
    require(encoded_again == encoded);
    return version;
}

// The outcome for all of `received`, asked for with every shorter piece before it.
Framing frame_byte_by_byte(PacketReader& reader, std::string_view received) {
    std::size_t wanted = 1;
    for (std::size_t size = 0; size <= received.size(); ++size) {
        const Framing framing = reader.next(received.substr(0, size));
        const auto* more = std::get_if<NeedMore>(&framing);
        if (more == nullptr) {
            require(size >= wanted || std::holds_alternative<Fault>(framing));
            return framing;
        }
        require(more->bytes_min > 0);
        require(size + more->bytes_min >= wanted);
        wanted = size + more->bytes_min;
        require(wanted <= kBounds.packet_bytes_max);
    }
    return reader.next(received);
}

void check_stream(std::string_view received, Version version, Role receiver) {
    PacketReader at_once{receiver, kBounds};
    PacketReader one_by_one{receiver, kBounds};
    while (true) {
        const Framing framing = at_once.next(received);
        require(frame_byte_by_byte(one_by_one, received) == framing);
        const auto* frame = std::get_if<Frame>(&framing);
        if (frame == nullptr) {
            if (const auto* fault = std::get_if<Fault>(&framing)) require_fault(*fault);
            return;
        }
        version = check_packet(frame->bytes, version, receiver);
        received.remove_prefix(frame->bytes.size());
    }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
    if (size == 0) return 0;
    const std::string_view received{reinterpret_cast<const char*>(bytes) + 1, size - 1};
    const Role receiver = (bytes[0] & kIsClient) != 0 ? Role::client : Role::server;
    const Version version = (bytes[0] & kIsMqtt5) != 0 ? Version::mqtt_5 : Version::mqtt_3_1_1;
    check_stream(received, version, receiver);
    check_packet(received, version, receiver);
    return 0;
}
