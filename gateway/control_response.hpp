#pragma once
#include "gateway/rollout/messages.hpp"
#include "gateway/status/site.hpp"

#include <string>

namespace gateway {

// What a control (status/control.hpp) answers a command. On any thread.

// `body` is JSON; the status is HTTP's.
status::Response json_response(unsigned status, std::string body);

// In the form that rollout::parse_refusal() takes.
status::Response refuse(const rollout::Refusal& refusal);

// 400, for a body that is not what the command sends.
status::Response malformed();

}  // namespace gateway
