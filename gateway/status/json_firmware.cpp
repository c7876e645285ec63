#include "gateway/status/json_firmware.hpp"

#include "gateway/observe/report_members.hpp"
#include "gateway/status/json_members.hpp"
#include "gateway/status/json_writer.hpp"

namespace gateway::status {

std::string to_json(const observe::FirmwareReport& report) {
    JsonWriter json;
    json.open_object();
    json.key("updates");
    json.open_array();
    for (const auto& update : report.updates)
        write_object(json, [&](auto member) { observe::visit_firmware_update(update, member); });
    json.close_array();
    json.key("devices");
    json.open_array();
    for (const auto& device : report.devices)
        write_object(json, [&](auto member) { observe::visit_firmware_device(device, member); });
    json.close_array();
    json.close_object();
    return json.take();
}

}  // namespace gateway::status
