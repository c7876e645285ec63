#include "drivers/mqtt_listener/command_topic.hpp"

#include "gateway/runtime/device_keys.hpp"

namespace drivers::mqtt_listener {

bool may_subscribe(std::string_view device, std::string_view filter) {
    constexpr std::string_view kCommands = "passerelle/";
    if (!gateway::runtime::is_device_name(device) || !filter.starts_with(kCommands)) return false;
    filter.remove_prefix(kCommands.size());
    if (!filter.starts_with(device)) return false;
    filter.remove_prefix(device.size());
    return filter.size() > 1 && filter.front() == '/';
}

}  // namespace drivers::mqtt_listener
