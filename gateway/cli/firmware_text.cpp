#include "gateway/cli/firmware_text.hpp"

#include "gateway/cli/text_table.hpp"
#include "gateway/language/translate.hpp"
#include "gateway/model/time.hpp"
#include "gateway/status/firmware_words.hpp"
#include "gateway/status/words.hpp"

#include <algorithm>

namespace gateway::cli {
namespace {

using language::tr;
using status::number_words;
using Align = TextTable::Align;

constexpr std::size_t kWidth = 80;
constexpr std::size_t kDevicesShownMax = 40;  // the rest is in --json

std::string update_lines(const observe::FirmwareUpdateReport& update) {
    const auto expires = model::parse_rfc3339(update.expires);
    TextTable table{{Align::left, Align::left}};
    table.add({tr("for"), status::update_target_words(update)});
    table.add({tr("state"), status::update_progress_words(update)});
    table.add({tr("until"), expires ? status::time_words(*expires) : update.expires});
    table.add({tr("devices"), status::update_devices_words(update)});
    std::string text = tr("Update {0}: {1}",
                          {std::to_string(update.number), status::update_content_words(update)}) +
                       '\n' + table.text();
    if (!update.why.empty()) text += wrapped("  - ", update.why, kWidth);
    // Not broken into lines: a command in it is copied as a whole.
    const std::string advice = status::update_advice(update);
    if (!advice.empty()) text += "  → " + advice + '\n';
    return text;
}

std::string device_table(const observe::FirmwareReport& report) {
    TextTable table{
        {Align::left, Align::left, Align::right, Align::right, Align::left, Align::right}};
    table.add({tr("DEVICE"), tr("KIND"), tr("FIRMWARE"), tr("UPDATE"), tr("STATE"), tr("HEARD")});
    const auto sorted = status::by_urgency(report.devices);
    const std::size_t shown = std::min(sorted.size(), kDevicesShownMax);
    for (std::size_t i = 0; i < shown; ++i) {
        const auto& device = *sorted[i];
        table.add(
            {status::device_place_words(device),
             device.vendor + " / " + device.device_class,
             number_words(device.firmware),
             device.update == 0 ? "-" : number_words(device.update),
             status::device_update_words(device),
             tr("{0} ago", {status::duration_words(device.heard_s)})}
        );
    }
    std::string text = table.text();
    if (shown < sorted.size())
        text += "  " + tr("and {0} more", {number_words(sorted.size() - shown)}) + '\n';
    return text;
}

}  // namespace

std::string firmware_text(const observe::FirmwareReport& report) {
    std::string text;
    if (report.updates.empty()) text = std::string(tr("No update is stored.")) + '\n';
    for (const auto& update : report.updates) {
        if (!text.empty()) text += '\n';
        text += update_lines(update);
    }
    text += '\n';
    if (report.devices.empty())
        return text + tr("No device that takes updates was heard yet.") + '\n';
    return text + device_table(report);
}

}  // namespace gateway::cli
