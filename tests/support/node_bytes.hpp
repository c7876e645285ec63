#pragma once
#include "drivers/serial/frame.hpp"

#include <passerelle/v1/node.pb.h>

#include <cstdint>
#include <string>

// What a node sends, and what it reads out of an answer.
namespace tests::support {

struct Introduction {
    std::string name = "m-1";
    std::uint32_t incarnation = 77;
    std::uint32_t next = 1;
    std::uint32_t lost = 0;
    std::uint32_t version_min = 1, version_max = 1;
    std::uint32_t firmware = 1;
    std::uint32_t image_bytes_max = 0;  // with updates: of vendor "acme", class "meter"
};

inline ::drivers::serial::Frame hello(const Introduction& who = {}, std::uint8_t address = 0) {
    passerelle::v1::NodeHello message;
    message.set_version_min(who.version_min);
    message.set_version_max(who.version_max);
    message.set_node(who.name);
    message.set_incarnation(who.incarnation);
    message.set_next(who.next);
    message.set_lost(who.lost);
    message.set_vendor("acme");
    message.set_device_class("meter");
    message.set_firmware(who.firmware);
    message.set_image_bytes_max(who.image_bytes_max);
    return {::drivers::serial::FrameType::hello, address, 0, 0, message.SerializeAsString()};
}

inline ::drivers::serial::Frame status(
    std::uint16_t session, std::uint32_t next, std::uint32_t lost = 0, std::uint8_t address = 0
) {
    passerelle::v1::NodeStatus message;
    message.set_lost(lost);
    return {
        ::drivers::serial::FrameType::status, address, session, next, message.SerializeAsString()};
}

inline ::drivers::serial::Frame readings(
    std::uint16_t session,
    std::uint32_t sequence,
    std::string payload = "readings",
    std::uint8_t address = 0
) {
    return {::drivers::serial::FrameType::readings, address, session, sequence, std::move(payload)};
}

inline ::drivers::serial::Frame update_ask(
    std::uint16_t session,
    std::uint32_t update,
    std::uint32_t offset,
    std::uint32_t size,
    std::uint8_t address = 0
) {
    passerelle::v1::NodeUpdateAsk message;
    message.set_update(update);
    message.set_size(size);
    return {
        ::drivers::serial::FrameType::update_ask,
        address,
        session,
        offset,
        message.SerializeAsString()};
}

inline ::drivers::serial::Frame update_state(
    std::uint16_t session,
    std::uint32_t update,
    passerelle::v1::NodeUpdateState::State state,
    bool is_settings = false,
    std::uint8_t address = 0
) {
    passerelle::v1::NodeUpdateState message;
    message.set_update(update);
    message.set_is_settings(is_settings);
    message.set_state(state);
    return {
        ::drivers::serial::FrameType::update_state,
        address,
        session,
        0,
        message.SerializeAsString()};
}

template <class Message>
Message read(const ::drivers::serial::Frame& frame) {
    Message message;
    message.ParseFromString(frame.payload);
    return message;
}

}  // namespace tests::support
