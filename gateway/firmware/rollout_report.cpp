#include "gateway/firmware/rollout_report.hpp"

#include "gateway/firmware/messages.hpp"
#include "gateway/language/translate.hpp"
#include "gateway/model/time.hpp"
#include "gateway/observe/firmware_causes.hpp"

#include <algorithm>
#include <array>
#include <string_view>
#include <tuple>
#include <utility>

namespace gateway::firmware {
namespace {

using language::tr;

std::string_view to_string(UpdateState state) {
    constexpr std::array<std::string_view, 6> kWords{
        "stored", "running", "paused", "done", "stopped", "aborted"};
    return kWords[static_cast<std::size_t>(state)];
}

std::string_view to_string(DeviceState state) {
    constexpr std::array<std::string_view, 7> kWords{
        "offered", "downloading", "verified", "rebooted", "confirmed", "rolled-back", "failed"};
    return kWords[static_cast<std::size_t>(state)];
}

std::string short_name(const DeviceId& id) {
    constexpr std::string_view kDigits = "0123456789abcdef";
    constexpr std::size_t kBytes = 4;
    std::string name;
    for (std::size_t i = 0; i < kBytes; ++i) {
        const auto byte = std::to_integer<unsigned>(id[i]);
        name += kDigits[byte >> 4];
        name += kDigits[byte & 15];
    }
    return name;
}

void count_devices(
    const Rollout& rollout, const Update& update, observe::FirmwareUpdateReport& to
) {
    for (const auto& [id, device] : rollout.devices()) {
        if (!rollout.is_for(update, device)) continue;
        ++to.devices;
        const Step& step = device.step(update.is_settings());
        if (step.update == update.number) ++to.by_state[std::string(to_string(step.state))];
    }
}

observe::FirmwareUpdateReport report_on(const Rollout& rollout, const Update& update) {
    observe::FirmwareUpdateReport report;
    report.number = update.number;
    report.vendor = update.manifest.vendor;
    report.device_class = update.manifest.device_class;
    report.sequence = update.sequence();
    report.is_settings = update.is_settings();
    report.is_for_one = !update.manifest.node.empty();
    if (const auto* image = std::get_if<Image>(&update.manifest.content)) report.size = image->size;
    if (const auto* settings = std::get_if<DeviceSettings>(&update.manifest.content))
        report.reporting_interval_s = settings->reporting_interval_s;
    report.expires = model::to_rfc3339(update.manifest.expires);
    const bool is_over =
        update.state == UpdateState::stopped || update.state == UpdateState::aborted;
    report.state = !is_over && rollout.has_expired(update) ? "expired" : to_string(update.state);
    if (update.state != UpdateState::stored) {
        report.stage = to_string(update.stage);
        report.up_to = to_string(update.up_to);
    }
    if (update.state == UpdateState::stopped) report.why = stop_words(update.why);
    count_devices(rollout, update, report);
    return report;
}

observe::FirmwareDeviceReport report_on(
    const KnownDevice& device, const Step& step, const runtime::WallClock& clock
) {
    observe::FirmwareDeviceReport report;
    report.source = device.source;
    report.label = device.label;
    report.name = short_name(device.id);
    report.vendor = device.vendor;
    report.device_class = device.device_class;
    report.firmware = device.firmware;
    report.settings = device.settings;
    const auto age = clock.age(device.heard);
    report.heard_s = std::chrono::duration_cast<std::chrono::seconds>(age).count();
    if (step.update == 0) return report;
    report.update = step.update;
    report.state = to_string(step.state);
    report.cause = step.cause;
    report.offset = step.offset;
    return report;
}

}  // namespace

std::string stop_words(const std::string& why) {
    if (why == "rolled-back") return tr("A device went back to the firmware that it had before.");
    if (why == "silent") return tr("A device has not come back from its restart within an hour.");
    if (why == "not-signed")
        return tr("The stored manifest is not signed by any of firmware_keys.");
    if (why == "damaged") return tr("The stored image is not the one that was signed.");
    return tr("A device did not take it: {0}.", {observe::firmware_cause_words(why)});
}

observe::FirmwareReport rollout_report(const Rollout& rollout, const runtime::WallClock& clock) {
    observe::FirmwareReport report;
    for (const auto& [number, update] : rollout.updates())
        report.updates.push_back(report_on(rollout, update));
    std::reverse(report.updates.begin(), report.updates.end());
    for (const auto& [id, device] : rollout.devices()) {
        const bool has_settings = device.step(true).update != 0;
        if (device.step(false).update != 0 || !has_settings)
            report.devices.push_back(report_on(device, device.step(false), clock));
        if (has_settings) report.devices.push_back(report_on(device, device.step(true), clock));
    }
    std::sort(
        report.devices.begin(),
        report.devices.end(),
        [](const auto& left, const auto& right) {
            return std::tie(left.source, left.label, left.name) <
                   std::tie(right.source, right.label, right.name);
        }
    );
    return report;
}

}  // namespace gateway::firmware
