#include "gateway/status/json_devices.hpp"

#include "gateway/observe/report_members.hpp"
#include "gateway/status/json_members.hpp"
#include "gateway/status/json_writer.hpp"

namespace gateway::status {
namespace {

void write_device(JsonWriter& json, const observe::DeviceReport& device) {
    json.open_object();
    write_members(json, [&](auto member) { observe::visit_device(device, member); });
    json.key("vitals");
    json.open_array();
    for (const auto& vital : device.vitals) {
        json.open_object();
        json.member("quantity", vital.quantity);
        json.key("value");
        json.number(vital.value);
        json.member("unit", vital.unit);
        json.close_object();
    }
    json.close_array();
    json.close_object();
}

}  // namespace

std::string to_json(const observe::DevicesReport& report) {
    JsonWriter json;
    json.open_object();
    write_members(json, [&](auto member) { observe::visit_devices(report, member); });
    json.key("devices");
    json.open_array();
    for (const auto& device : report.devices) write_device(json, device);
    json.close_array();
    json.key("unnamed");
    json.open_array();
    for (const auto& unnamed : report.unnamed)
        write_object(json, [&](auto member) { observe::visit_unnamed(unnamed, member); });
    json.close_array();
    json.close_object();
    return json.take();
}

}  // namespace gateway::status
