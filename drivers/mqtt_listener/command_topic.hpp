#pragma once
#include <string_view>

namespace drivers::mqtt_listener {

// A device subscribes to its own commands, passerelle/{device}/…, and to nothing else.
bool may_subscribe(std::string_view device, std::string_view filter);

}  // namespace drivers::mqtt_listener
