#include "gateway/status/device_words.hpp"

#include "gateway/language/translate.hpp"
#include "gateway/model/decimal.hpp"
#include "gateway/model/message.hpp"
#include "gateway/status/words.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace gateway::status {
namespace {

using language::tr;
using model::translatable;

using Words = std::pair<std::string_view, const char*>;

constexpr std::array<Words, 4> kStates{
    {{"heard", translatable("ok")},
     {"silent", translatable("silent")},
     {"refused", translatable("being refused")},
     {"renamed", translatable("renamed")}}};

constexpr std::array<Words, 5> kVitals{
    {{"battery.level", translatable("battery")},
     {"battery.voltage", translatable("battery voltage")},
     {"battery.low", translatable("battery low")},
     {"radio.rssi", translatable("signal")},
     {"radio.snr", translatable("signal to noise")}}};

template <std::size_t size>
std::string words_of(const std::array<Words, size>& table, std::string_view code) {
    for (const auto& [known, text] : table) {
        if (known == code) return tr(text);
    }
    return std::string(code);
}

const observe::VitalReport* vital(const observe::DeviceReport& device, std::string_view quantity) {
    const auto found =
        std::find_if(device.vitals.begin(), device.vitals.end(), [&](const auto& each) {
            return each.quantity == quantity;
        });
    return found == device.vitals.end() ? nullptr : &*found;
}

const observe::SourceReport* source_of(
    const std::string& name, const std::vector<observe::SourceReport>& sources
) {
    const auto found = std::find_if(sources.begin(), sources.end(), [&](const auto& source) {
        return source.name == name;
    });
    return found == sources.end() ? nullptr : &*found;
}

std::string last_heard(const observe::DeviceReport& device) {
    const auto& seen = device.last_seen_ago_s;
    const std::string ago = rough_duration_words(seen ? seen : device.last_refused_ago_s);
    if (!device.interval_s)
        return tr("It is silent: it was heard {0} ago for the last time.", {ago});
    return tr(
        "It is silent: it was heard {0} ago for the last time, and usually is every {1}.",
        {ago, duration_words(*device.interval_s)}
    );
}

bool has_weak_battery(const observe::DeviceReport& device) {
    constexpr double kWeakPercent = 15;
    const auto* level = vital(device, "battery.level");
    const auto* low = vital(device, "battery.low");
    const auto percent = level == nullptr ? std::nullopt : model::parse_decimal(level->value);
    return (percent && model::to_double(*percent) <= kWeakPercent) ||
           (low != nullptr && low->value != "0");
}

std::string why_silent(
    const observe::DeviceReport& device, const std::vector<observe::SourceReport>& sources
) {
    const auto* source = source_of(device.source, sources);
    if (source != nullptr && !source->connected)
        return tr(
            "Its source {0} cannot receive ({1}): look there first, passerelle status says more.",
            {source->name, source->detail}
        );
    if (has_weak_battery(device))
        return tr("Its battery was nearly empty: that is the likely reason.");
    return tr(
        "Its source {0} works, so the reason is the device, its supply, or the way to the "
        "gateway: radio, network, the account or key that it connects with.",
        {device.source}
    );
}

std::string refusal(const observe::DeviceReport& device) {
    return tr(
        "It is heard, {0} ago for the last time, but what it sends is refused: {1}. Mend the "
        "device, or what source {2} and dataset {3} ask for; passerelle explain shows what "
        "becomes of a message.",
        {rough_duration_words(device.last_refused_ago_s),
         causes_words(device.refused),
         device.source,
         device.dataset}
    );
}

}  // namespace

std::string device_state_words(std::string_view state) {
    return words_of(kStates, state);
}

std::string vital_words(std::string_view quantity) {
    return words_of(kVitals, quantity);
}

std::string vital_value_words(const observe::VitalReport& vital) {
    if (vital.unit == "dB[mW]") return vital.value + "\u00a0dBm";  // as everybody calls it
    return vital.unit.empty() || vital.unit == "1" ? vital.value
                                                   : vital.value + "\u00a0" + vital.unit;
}

std::string battery_words(const observe::DeviceReport& device) {
    for (const char* quantity : {"battery.level", "battery.voltage"}) {
        if (const auto* found = vital(device, quantity)) return vital_value_words(*found);
    }
    const auto* low = vital(device, "battery.low");
    if (low == nullptr) return {};
    return low->value == "0" ? tr("ok") : tr("low");
}

std::string signal_words(const observe::DeviceReport& device) {
    const auto* found = vital(device, "radio.rssi");
    return found == nullptr ? std::string{} : vital_value_words(*found);
}

std::string rough_duration_words(const std::optional<std::int64_t>& seconds) {
    if (!seconds) return "-";
    const std::string words = duration_words(*seconds);
    return words.substr(0, words.find(' '));
}

std::string causes_words(const std::map<std::string, std::uint64_t>& counts) {
    std::string text;
    for (const auto& [cause, count] : counts) {
        if (!text.empty()) text += ", ";
        text.append(cause_words(cause)).append(" ").append(number_words(count));
    }
    return text;
}

std::string fleet_words(const observe::DevicesReport& report) {
    std::string text = tr(
        "Known devices: {0}, of which silent: {1}. The gateway started {2} ago.",
        {number_words(report.known), number_words(report.silent), duration_words(report.uptime_s)}
    );
    if (report.forgotten > 0) {
        text += ' ';
        text +=
            tr("The list is full: {0} that were silent for longest are no longer in it.",
               {number_words(report.forgotten)});
    }
    return text;
}

std::vector<std::string> device_verdict(
    const observe::DeviceReport& device, const std::vector<observe::SourceReport>& sources
) {
    if (device.state == "silent") return {last_heard(device), why_silent(device, sources)};
    if (device.state == "refused") return {refusal(device)};
    if (device.state == "renamed")
        return {
            tr("This was its name until the pseudonyms of dataset {0} changed; if it is heard, it "
               "has another now: passerelle devices --identity finds it.",
               {device.dataset})};
    return {tr(
        "It works: its last reading came {0} ago.", {rough_duration_words(device.last_seen_ago_s)}
    )};
}

std::vector<std::string> deaf_sources_words(const std::vector<observe::SourceReport>& sources) {
    std::vector<std::string> paragraphs;
    for (const auto& source : sources) {
        if (source.connected) continue;
        paragraphs.push_back(tr("Source {0} cannot receive ({1}).", {source.name, source.detail}));
    }
    return paragraphs;
}

std::vector<std::string> unnamed_words(const observe::DevicesReport& report) {
    std::vector<std::string> paragraphs;
    for (const auto& each : report.unnamed) {
        paragraphs.push_back(
            tr("Source {0} refused what belongs to no device that could be told: {1}.",
               {each.source, causes_words(each.refused)})
        );
    }
    return paragraphs;
}

}  // namespace gateway::status
