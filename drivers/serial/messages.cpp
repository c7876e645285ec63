#include "drivers/serial/messages.hpp"

#include <google/protobuf/stubs/logging.h>
#include <passerelle/v1/node.pb.h>

namespace drivers::serial {

namespace proto = passerelle::v1;

namespace {

template <class Message>
std::optional<Message> parse(std::string_view payload) {
    const google::protobuf::LogSilencer silencer;  // it would print a line for each bad text
    Message message;
    if (!message.ParseFromArray(payload.data(), static_cast<int>(payload.size())))
        return std::nullopt;
    return message;
}

}  // namespace

std::optional<Hello> parse_hello(std::string_view payload) {
    auto sent = parse<proto::NodeHello>(payload);
    if (!sent) return std::nullopt;
    Hello hello;
    hello.version_min = sent->version_min();
    hello.version_max = sent->version_max();
    hello.node = std::move(*sent->mutable_node());
    hello.incarnation = sent->incarnation();
    hello.next = sent->next();
    hello.lost = sent->lost();
    hello.vendor = std::move(*sent->mutable_vendor());
    hello.device_class = std::move(*sent->mutable_device_class());
    hello.firmware = sent->firmware();
    hello.settings = sent->settings();
    hello.image_bytes_max = sent->image_bytes_max();
    hello.is_on_trial = sent->on_trial();
    return hello;
}

std::optional<Status> parse_status(std::string_view payload) {
    const auto sent = parse<proto::NodeStatus>(payload);
    if (!sent) return std::nullopt;
    return Status{sent->lost()};
}

std::optional<UpdateAsk> parse_update_ask(std::string_view payload) {
    const auto sent = parse<proto::NodeUpdateAsk>(payload);
    if (!sent) return std::nullopt;
    return UpdateAsk{sent->update(), sent->size()};
}

std::string payload_of(const Acknowledgement& acknowledgement) {
    proto::NodeAck message;
    message.set_expected(acknowledgement.expected);
    message.set_window(acknowledgement.window);
    message.set_gap(acknowledgement.gap);
    message.set_unix_ms(acknowledgement.unix_ms);
    return message.SerializeAsString();
}

std::string payload_of(const Welcome& welcome) {
    proto::NodeWelcome message;
    message.set_version(kVersion);
    message.set_node(welcome.node);
    message.set_window(welcome.window);
    message.set_unix_ms(welcome.unix_ms);
    message.set_incarnation(welcome.incarnation);
    return message.SerializeAsString();
}

std::string payload_of(Refused cause) {
    proto::NodeRefused message;
    message.set_cause(static_cast<proto::NodeRefused::Cause>(cause));
    return message.SerializeAsString();
}

std::string payload_of(TurnedAway cause) {
    proto::NodeTurnedAway message;
    message.set_cause(static_cast<proto::NodeTurnedAway::Cause>(cause));
    return message.SerializeAsString();
}

}  // namespace drivers::serial
