#pragma once
#include "gateway/cli/running_gateway.hpp"

#include <optional>
#include <string>

namespace gateway::cli {

// What a running gateway answers to one request of firmware/messages.hpp, over its unix socket.
// Nothing, after saying why and setting the exit status: kExitUnavailable where no gateway answers,
// kExitNotAllowed, kExitUsage where `place` names no unix socket, kExitNotDone where it refuses.
std::optional<std::string> ask_about_firmware(
    const GatewayPlace& place,
    const std::string& path,
    const std::string& body,
    CommandContext& context
);

}  // namespace gateway::cli
