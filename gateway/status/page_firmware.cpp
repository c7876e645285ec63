#include "gateway/language/translate.hpp"
#include "gateway/status/firmware_words.hpp"
#include "gateway/status/html.hpp"
#include "gateway/status/html_table.hpp"
#include "gateway/status/page_parts.hpp"
#include "gateway/status/page_pieces.hpp"
#include "gateway/status/words.hpp"

#include <algorithm>

namespace gateway::status {
namespace {

using language::tr;
using observe::FirmwareDeviceReport;
using observe::FirmwareReport;
using Width = HtmlTable::Width;

std::string_view style_of(const observe::FirmwareUpdateReport& update) {
    const bool needs_attention = update.state == "stopped" || update.state == "expired";
    return needs_attention ? "bad" : "";
}

std::string_view style_of(const FirmwareDeviceReport& device) {
    const bool is_bad = device.state == "failed" || device.state == "rolled-back";
    return is_bad ? "bad" : "";
}

std::string state_of(const observe::FirmwareUpdateReport& update) {
    std::string out = escape_html(update_progress_words(update));
    if (!update.why.empty()) out += element("small", update.why);
    if (const auto advice = update_advice(update); !advice.empty()) out += element("small", advice);
    return out;
}

std::string updates(const FirmwareReport& report) {
    if (report.updates.empty()) return element("p", tr("No update is stored.")) + '\n';
    HtmlTable table{
        "firmware",
        Width::wide,
        {{tr("Update")}, {tr("For")}, {tr("Content")}, {tr("State")}, {tr("Devices")}}};
    const std::size_t shown = std::min(report.updates.size(), kRowsShownMax);
    for (std::size_t i = 0; i < shown; ++i) {
        const auto& update = report.updates[i];
        table.row(number(update.number));
        table.cell(escape_html(update_target_words(update)));
        table.cell(escape_html(update_content_words(update)));
        table.cell(state_of(update), style_of(update));
        table.cell(escape_html(update_devices_words(update)));
    }
    return table.finish() + rest(report.updates.size(), kRowsShownMax);
}

std::string devices(const FirmwareReport& report) {
    if (report.devices.empty())
        return element("p", tr("No device that takes updates was heard yet.")) + '\n';
    std::string out = "<h3 id=\"firmware-devices\">";
    out += escape_html(tr("Devices that take updates")) + "</h3>\n";
    HtmlTable table{
        "firmware-devices",
        Width::wide,
        {{tr("Device")},
         {tr("Kind")},
         {tr("Firmware"), true},
         {tr("Update"), true},
         {tr("State")},
         {tr("Last heard ago"), true}}};
    const auto sorted = by_urgency(report.devices);
    const std::size_t shown = std::min(sorted.size(), kRowsShownMax);
    for (std::size_t i = 0; i < shown; ++i) {
        const FirmwareDeviceReport& device = *sorted[i];
        table.row(escape_html(device_place_words(device)));
        table.cell(escape_html(device.vendor + " / " + device.device_class));
        table.cell(number(device.firmware));
        table.cell(device.update == 0 ? "–" : number(device.update));
        table.cell(escape_html(device_update_words(device)), style_of(device));
        table.cell(escape_html(duration_words(device.heard_s)));
    }
    return out + table.finish() + rest(sorted.size(), kRowsShownMax);
}

}  // namespace

std::string firmware_part(const observe::Report& report) {
    if (!report.firmware) return {};
    std::string out = open_section("firmware", tr("Updates of devices"));
    return out + updates(*report.firmware) + devices(*report.firmware) + "</section>\n";
}

}  // namespace gateway::status
