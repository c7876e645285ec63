#include "gateway/status/firmware_metrics.hpp"

#include <map>
#include <string>

namespace gateway::status {

void write_firmware(MetricsWriter& metrics, const observe::FirmwareReport& report) {
    using Type = MetricsWriter::Type;
    std::map<std::string, std::uint64_t> updates;
    for (const auto& update : report.updates) ++updates[update.state];
    metrics.family(
        "passerelle_firmware_updates", Type::gauge, "", "Updates that are stored, by state."
    );
    for (const auto& [state, count] : updates) metrics.sample({{"state", state}}, count);

    std::map<std::string, std::uint64_t> devices;
    for (const auto& device : report.devices)
        ++devices[device.state.empty() ? "idle" : device.state];
    metrics.family(
        "passerelle_firmware_devices",
        Type::gauge,
        "",
        "Devices that take updates, by what became of the last firmware and the last settings."
    );
    for (const auto& [state, count] : devices) metrics.sample({{"state", state}}, count);
}

}  // namespace gateway::status
