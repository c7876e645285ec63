#include "drivers/update/progress.hpp"

#include <google/protobuf/stubs/logging.h>
#include <passerelle/v1/node.pb.h>

namespace drivers::update {

using gateway::firmware::DeviceState;
using passerelle::v1::NodeUpdateState;

namespace {

// As a node has no word for "rebooted": its introduction says so.
std::optional<DeviceState> state_of(NodeUpdateState::State said) {
    switch (said) {
        case NodeUpdateState::OFFERED:
            return DeviceState::offered;
        case NodeUpdateState::DOWNLOADING:
            return DeviceState::downloading;
        case NodeUpdateState::VERIFIED:
            return DeviceState::verified;
        case NodeUpdateState::CONFIRMED:
            return DeviceState::confirmed;
        case NodeUpdateState::ROLLED_BACK:
            return DeviceState::rolled_back;
        case NodeUpdateState::FAILED:
            return DeviceState::failed;
        default:
            return std::nullopt;
    }
}

}  // namespace

std::optional<gateway::firmware::Progress> parse_progress(std::string_view payload) {
    const google::protobuf::LogSilencer silencer;  // it would print a line for each bad text
    NodeUpdateState said;
    if (!said.ParseFromArray(payload.data(), static_cast<int>(payload.size()))) return std::nullopt;
    const auto state = state_of(said.state());
    if (!state) return std::nullopt;
    gateway::firmware::Progress progress;
    progress.update = said.update();
    progress.is_settings = said.is_settings();
    progress.state = *state;
    progress.cause = static_cast<std::uint32_t>(said.cause());
    progress.offset = said.offset();
    return progress;
}

}  // namespace drivers::update
