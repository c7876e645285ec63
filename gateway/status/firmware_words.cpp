#include "gateway/status/firmware_words.hpp"

#include "gateway/language/translate.hpp"
#include "gateway/model/message.hpp"
#include "gateway/observe/firmware_causes.hpp"
#include "gateway/status/words.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace gateway::status {
namespace {

using language::tr;
using model::translatable;

using Words = std::pair<std::string_view, const char*>;

constexpr std::array<Words, 7> kUpdateStates{
    {{"stored", translatable("not offered yet")},
     {"running", translatable("running")},
     {"paused", translatable("waits for the next stage")},
     {"done", translatable("done")},
     {"stopped", translatable("halted")},
     {"aborted", translatable("withdrawn")},
     {"expired", translatable("expired")}}};

constexpr std::array<Words, 3> kStages{
    {{"one", translatable("one device")},
     {"tenth", translatable("a tenth of the devices")},
     {"all", translatable("all devices")}}};

// In the order in which a device goes through them.
constexpr std::array<Words, 7> kDeviceStates{
    {{"offered", translatable("offered")},
     {"downloading", translatable("downloading")},
     {"verified", translatable("verified")},
     {"rebooted", translatable("on trial")},
     {"confirmed", translatable("confirmed")},
     {"rolled-back", translatable("went back to the former one")},
     {"failed", translatable("failed")}}};

template <std::size_t size>
std::string words_of(const std::array<Words, size>& table, std::string_view code) {
    const auto found = std::find_if(table.begin(), table.end(), [&](const Words& words) {
        return words.first == code;
    });
    return found == table.end() ? std::string(code) : tr(found->second);
}

template <std::size_t size>
std::string counts_words(
    const std::array<Words, size>& table, const std::map<std::string, std::uint32_t>& by_state
) {
    std::string text;
    for (const auto& [state, words] : table) {
        const auto count = by_state.find(std::string(state));
        if (count == by_state.end() || count->second == 0) continue;
        if (!text.empty()) text += ", ";
        text.append(tr(words)).append(" ").append(number_words(count->second));
    }
    return text;
}

// The smaller, the sooner somebody has to look at it.
int urgency(const observe::FirmwareDeviceReport& device) {
    if (device.state == "failed" || device.state == "rolled-back") return 0;
    if (device.state == "confirmed") return 2;
    return device.state.empty() ? 3 : 1;
}

}  // namespace

std::string update_progress_words(const observe::FirmwareUpdateReport& update) {
    std::string state = words_of(kUpdateStates, update.state);
    if (update.stage.empty() || update.state == "done" || update.state == "aborted") return state;
    const std::string stage = words_of(kStages, update.stage);
    if (update.stage == update.up_to || update.up_to.empty())
        // Translators: the state of an update and its stage, "running (one device)".
        return tr("{0} ({1})", {state, stage});
    // Translators: "running (one device, then up to all devices)".
    return tr("{0} ({1}, then up to {2})", {state, stage, words_of(kStages, update.up_to)});
}

std::string update_content_words(const observe::FirmwareUpdateReport& update) {
    const std::string sequence = std::to_string(update.sequence);
    if (update.is_settings)
        // Translators: {1} is a duration: how often a device reports.
        return tr(
            "settings {0}: a report every {1}",
            {sequence, duration_words(update.reporting_interval_s)}
        );
    return tr("firmware {0} ({1})", {sequence, bytes_words(update.size)});
}

std::string update_target_words(const observe::FirmwareUpdateReport& update) {
    const std::string kind = update.vendor + " / " + update.device_class;
    return update.is_for_one ? tr("{0}, one device", {kind}) : kind;
}

std::string update_devices_words(const observe::FirmwareUpdateReport& update) {
    const std::string known = number_words(update.devices);
    if (update.by_state.empty()) return tr("{0} known", {known});
    // Translators: "confirmed 3, failed 1; 40 known".
    return tr("{0}; {1} known", {device_counts_words(update.by_state), known});
}

std::string update_advice(const observe::FirmwareUpdateReport& update) {
    const std::string number = std::to_string(update.number);
    if (update.state == "stored")
        return tr(
            "Nothing is offered yet. To begin with one device: passerelle firmware rollout "
            "{0} --up-to one",
            {number}
        );
    if (update.state == "paused" && update.stage == "one")
        return tr(
            "To go on to a tenth of the devices: passerelle firmware rollout {0} --up-to tenth; "
            "to all of them, a tenth first: passerelle firmware rollout {0}",
            {number}
        );
    if (update.state == "paused")
        return tr("To go on to all devices: passerelle firmware rollout {0}", {number});
    if (update.state == "stopped")
        return tr(
            "Nothing more is offered. Once the reason is known: passerelle firmware rollout "
            "{0} goes on, and the devices that failed get another try; passerelle firmware "
            "abort {0} withdraws it for good",
            {number}
        );
    if (update.state == "expired")
        return tr("It is not offered any more: sign a newer one, and add it");
    return {};
}

std::string update_counts_words(const std::map<std::string, std::uint32_t>& by_state) {
    return counts_words(kUpdateStates, by_state);
}

std::string device_counts_words(const std::map<std::string, std::uint32_t>& by_state) {
    return counts_words(kDeviceStates, by_state);
}

std::string device_update_words(const observe::FirmwareDeviceReport& device) {
    if (device.state.empty()) return "-";
    std::string state = words_of(kDeviceStates, device.state);
    if (device.state == "downloading")
        return tr("{0}, {1} so far", {state, bytes_words(device.offset)});
    if (!device.cause.empty())
        return tr("{0}: {1}", {state, observe::firmware_cause_words(device.cause)});
    return state;
}

std::string device_place_words(const observe::FirmwareDeviceReport& device) {
    const std::string place =
        device.label.empty() ? device.source : device.source + ", " + device.label;
    return place + " (" + device.name + ')';
}

std::vector<const observe::FirmwareDeviceReport*> by_urgency(
    const std::vector<observe::FirmwareDeviceReport>& devices
) {
    std::vector<const observe::FirmwareDeviceReport*> sorted;
    sorted.reserve(devices.size());
    for (const auto& device : devices) sorted.push_back(&device);
    std::stable_sort(sorted.begin(), sorted.end(), [](const auto* one, const auto* other) {
        return urgency(*one) < urgency(*other);
    });
    return sorted;
}

}  // namespace gateway::status
