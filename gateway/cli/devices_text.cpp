#include "gateway/cli/devices_text.hpp"

#include "gateway/cli/text_table.hpp"
#include "gateway/language/translate.hpp"
#include "gateway/model/decimal.hpp"
#include "gateway/model/message.hpp"
#include "gateway/status/words.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace gateway::cli {
namespace {

using language::tr;
using model::translatable;
using status::duration_words;
using status::number_words;
using Align = TextTable::Align;

constexpr std::size_t kWidth = 80;
constexpr std::size_t kNameShown = 26;  // a pseudonym
constexpr std::size_t kNameShownMin = 10;
constexpr std::size_t kSourceShown = 10;

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

// In its larger unit only: "12 min".
std::string short_duration(const std::optional<std::int64_t>& seconds) {
    if (!seconds) return "-";
    const std::string words = duration_words(*seconds);
    return words.substr(0, words.find(' '));
}

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

const observe::VitalReport* vital(const observe::DeviceReport& device, std::string_view quantity) {
    const auto found =
        std::find_if(device.vitals.begin(), device.vitals.end(), [&](const auto& each) {
            return each.quantity == quantity;
        });
    return found == device.vitals.end() ? nullptr : &*found;
}

std::string with_unit(const observe::VitalReport& vital) {
    if (vital.unit == "dB[mW]") return vital.value + "\u00a0dBm";  // as everybody calls it
    return vital.unit.empty() || vital.unit == "1" ? vital.value
                                                   : vital.value + "\u00a0" + vital.unit;
}

std::string battery(const observe::DeviceReport& device) {
    for (const char* quantity : {"battery.level", "battery.voltage"}) {
        if (const auto* found = vital(device, quantity)) return with_unit(*found);
    }
    const auto* low = vital(device, "battery.low");
    if (low == nullptr) return {};
    return low->value == "0" ? tr("ok") : tr("low");
}

std::string signal(const observe::DeviceReport& device) {
    const auto* found = vital(device, "radio.rssi");
    return found == nullptr ? std::string{} : with_unit(*found);
}

std::uint64_t total(const std::map<std::string, std::uint64_t>& counts) {
    std::uint64_t sum = 0;
    for (const auto& [cause, count] : counts) sum += count;
    return sum;
}

std::string causes(const std::map<std::string, std::uint64_t>& counts) {
    std::string text;
    for (const auto& [cause, count] : counts) {
        if (!text.empty()) text += ", ";
        text.append(status::cause_words(cause)).append(" ").append(number_words(count));
    }
    return text;
}

std::string paragraph(const std::string& text) {
    return wrapped("", text, kWidth);
}

const observe::SourceReport* source_of(
    const std::string& name, const std::vector<observe::SourceReport>& sources
) {
    const auto found = std::find_if(sources.begin(), sources.end(), [&](const auto& source) {
        return source.name == name;
    });
    return found == sources.end() ? nullptr : &*found;
}

std::string away(const observe::SourceReport& source) {
    return paragraph(
        tr("Its source {0} cannot receive ({1}): look there first, passerelle status says more.",
           {source.name, source.detail})
    );
}

std::string silence(
    const observe::DeviceReport& device, const std::vector<observe::SourceReport>& sources
) {
    std::string text =
        device.interval_s
            ? tr("It is silent: it was heard {0} ago for the last time, and usually is every {1}.",
                 {short_duration(
                      device.last_seen_ago_s ? device.last_seen_ago_s : device.last_refused_ago_s
                  ),
                  duration_words(*device.interval_s)})
            : tr("It is silent: it was heard {0} ago for the last time.",
                 {short_duration(
                     device.last_seen_ago_s ? device.last_seen_ago_s : device.last_refused_ago_s
                 )});
    text = paragraph(text);
    const auto* source = source_of(device.source, sources);
    if (source != nullptr && !source->connected) return text + away(*source);
    const auto* level = vital(device, "battery.level");
    const auto* low = vital(device, "battery.low");
    constexpr double kWeakPercent = 15;
    const auto percent = level == nullptr ? std::nullopt : model::parse_decimal(level->value);
    const bool is_weak = (percent && model::to_double(*percent) <= kWeakPercent) ||
                         (low != nullptr && low->value != "0");
    if (is_weak)
        return text + paragraph(tr("Its battery was nearly empty: that is the likely reason."));
    return text +
           paragraph(tr(
               "Its source {0} works, so the reason is the device, its supply, or the way to the "
               "gateway: radio, network, the account or key that it connects with.",
               {device.source}
           ));
}

std::string refusal(const observe::DeviceReport& device) {
    return paragraph(
        tr("It is heard, {0} ago for the last time, but what it sends is refused: {1}. Mend the "
           "device, or what source {2} and dataset {3} ask for; passerelle explain shows what "
           "becomes of a message.",
           {short_duration(device.last_refused_ago_s),
            causes(device.refused),
            device.source,
            device.dataset})
    );
}

std::string verdict(
    const observe::DeviceReport& device, const std::vector<observe::SourceReport>& sources
) {
    if (device.state == "silent") return silence(device, sources);
    if (device.state == "refused") return refusal(device);
    if (device.state == "renamed") {
        return paragraph(
            tr("This was its name until the pseudonyms of dataset {0} changed; if it is heard, it "
               "has another now: passerelle devices --identity finds it.",
               {device.dataset})
        );
    }
    return paragraph(
        tr("It works: its last reading came {0} ago.", {short_duration(device.last_seen_ago_s)})
    );
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
        table.add({words_of(kVitals, each.quantity), with_unit(each)});
    std::string text = table.text();
    if (!device.refused.empty())
        text += wrapped("  " + std::string{tr("refused:")} + ' ', causes(device.refused), kWidth);
    return text;
}

std::string heading(const observe::DevicesReport& report) {
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
    return paragraph(text);
}

std::string unnamed_section(const observe::DevicesReport& report) {
    std::string text;
    for (const auto& each : report.unnamed) {
        text += wrapped(
            "  ",
            tr("Source {0} refused what belongs to no device that could be told: {1}.",
               {each.source, causes(each.refused)}),
            kWidth
        );
    }
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
             short_duration(device.last_seen_ago_s),
             short_duration(device.interval_s),
             battery(device),
             signal(device),
             number_words(total(device.refused)),
             words_of(kStates, device.state)}
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
    std::string text = heading(report);
    if (!report.devices.empty()) text += '\n' + device_table(report.devices);
    if (report.matching > report.devices.size()) {
        const auto more = report.matching - report.devices.size();
        text += paragraph(
            tr("… and {0} more: ask by the beginning of a name, or with a higher --limit.",
               {number_words(more)})
        );
    }
    const std::string unnamed = unnamed_section(report);
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
    for (const auto& source : sources) {
        if (source.connected) continue;
        text += wrapped(
            "  ", tr("Source {0} cannot receive ({1}).", {source.name, source.detail}), kWidth
        );
    }
    return text + unnamed_section(report);
}

}  // namespace gateway::cli
