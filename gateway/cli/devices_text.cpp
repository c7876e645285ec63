#include "gateway/cli/devices_text.hpp"

#include "gateway/cli/text_table.hpp"
#include "gateway/language/translate.hpp"
#include "gateway/status/device_words.hpp"
#include "gateway/status/words.hpp"

#include <algorithm>

namespace gateway::cli {
namespace {

using language::tr;
using status::duration_words;
using status::number_words;
using status::rough_duration_words;
using Align = TextTable::Align;

constexpr std::size_t kWidth = 80;
constexpr std::size_t kNameShown = 26;  // a pseudonym
constexpr std::size_t kNameShownMin = 10;
constexpr std::size_t kSourceShown = 10;

// At most `width` characters of a UTF-8 text, the last of which says that there are more.
std::string clipped(const std::string& text, std::size_t width) {
    std::size_t characters = 0;
    std::size_t keep = text.size();
    for (std::size_t i = 0; i < text.size(); ++i) {
        if ((static_cast<unsigned char>(text[i]) & 0xc0U) == 0x80U) continue;
        if (++characters == width) keep = i;
    }
    return characters <= width ? text : text.substr(0, keep) + "…";
}

std::uint64_t total(const std::map<std::string, std::uint64_t>& counts) {
    std::uint64_t sum = 0;
    for (const auto& [cause, count] : counts) sum += count;
    return sum;
}

std::string paragraph(const std::string& text) {
    return wrapped("", text, kWidth);
}

std::string verdict(
    const observe::DeviceReport& device, const std::vector<observe::SourceReport>& sources
) {
    std::string text;
    for (const auto& each : status::device_verdict(device, sources)) text += paragraph(each);
    return text;
}

std::string figures(const observe::DeviceReport& device) {
    TextTable table{{Align::left, Align::left}};
    table.add({tr("dataset"), device.dataset});
    table.add({tr("source"), device.source});
    table.add({tr("readings"), number_words(device.readings)});
    if (device.interval_s) table.add({tr("usually every"), duration_words(*device.interval_s)});
    const auto add_time = [&](const char* label, const std::optional<model::Instant>& time) {
        if (time) table.add({label, status::time_words(*time)});
    };
    add_time(tr("first reading"), device.first_seen);
    add_time(tr("last reading"), device.last_seen);
    add_time(tr("silent since"), device.silent_since);
    add_time(tr("last refusal"), device.last_refused);
    for (const auto& each : device.vitals)
        table.add({status::vital_words(each.quantity), status::vital_value_words(each)});
    std::string text = table.text();
    if (!device.refused.empty())
        text += wrapped(
            "  " + std::string{tr("refused:")} + ' ', status::causes_words(device.refused), kWidth
        );
    return text;
}

std::string indented(const std::vector<std::string>& paragraphs) {
    std::string text;
    for (const auto& each : paragraphs) text += wrapped("  ", each, kWidth);
    return text;
}

// The rows of the devices, whose names have so many characters at most.
std::string device_rows(const std::vector<observe::DeviceReport>& devices, std::size_t name_width) {
    TextTable table{
        {Align::left,
         Align::left,
         Align::right,
         Align::right,
         Align::right,
         Align::right,
         Align::right,
         Align::left}};
    table.add(
        {tr("DEVICE"),
         tr("SOURCE"),
         tr("AGO"),
         tr("EVERY"),
         tr("BATT."),
         tr("SIGNAL"),
         tr("REFUSED"),
         tr("STATE")}
    );
    for (const auto& device : devices) {
        table.add(
            {clipped(device.name, name_width),
             clipped(device.source, kSourceShown),
             rough_duration_words(device.last_seen_ago_s),
             rough_duration_words(device.interval_s),
             status::battery_words(device),
             status::signal_words(device),
             number_words(total(device.refused)),
             status::device_state_words(device.state)}
        );
    }
    return table.text();
}

// As much of the names as the width lets be seen.
std::string device_table(const std::vector<observe::DeviceReport>& devices) {
    std::string whole = device_rows(devices, kNameShown);
    const std::size_t width = widest_line(whole);
    if (width <= kWidth) return whole;
    const std::size_t excess = width - kWidth;
    return device_rows(devices, kNameShown - std::min(excess, kNameShown - kNameShownMin));
}

}  // namespace

std::string devices_text(const observe::DevicesReport& report) {
    std::string text = paragraph(status::fleet_words(report));
    if (!report.devices.empty()) text += '\n' + device_table(report.devices);
    if (report.matching > report.devices.size()) {
        const auto more = report.matching - report.devices.size();
        text += paragraph(
            tr("… and {0} more: ask by the beginning of a name, or with a higher --limit.",
               {number_words(more)})
        );
    }
    const std::string unnamed = indented(status::unnamed_words(report));
    return unnamed.empty() ? text : text + '\n' + unnamed;
}

std::string device_text(
    const observe::DeviceReport& device, const std::vector<observe::SourceReport>& sources
) {
    return device.name + '\n' + verdict(device, sources) + '\n' + figures(device);
}

std::string unknown_device_text(
    const std::string& name,
    const observe::DevicesReport& report,
    const std::vector<observe::SourceReport>& sources
) {
    std::string text = paragraph(
        tr("{0} was not heard since the gateway started, {1} ago.",
           {name, duration_words(report.uptime_s)})
    );
    return text + indented(status::deaf_sources_words(sources)) +
           indented(status::unnamed_words(report));
}

}  // namespace gateway::cli
