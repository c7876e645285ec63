#pragma once
#include "gateway/firmware/depot.hpp"

#include <optional>
#include <string_view>

namespace drivers::update {

// What a device says of an update, of whichever way in: the message NodeUpdateState of
// proto/passerelle/v1/node.proto. Nothing where the bytes are none, or have a state that is not
// known. The update is 0 where what was offered had no number.
std::optional<gateway::firmware::Progress> parse_progress(std::string_view payload);

}  // namespace drivers::update
