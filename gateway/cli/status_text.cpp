#include "gateway/cli/status_text.hpp"

#include "gateway/cli/text_table.hpp"
#include "gateway/language/translate.hpp"
#include "gateway/model/message.hpp"
#include "gateway/status/firmware_words.hpp"
#include "gateway/status/words.hpp"

#include <algorithm>

namespace gateway::cli {
namespace {

using language::tr;
using status::bytes_words;
using status::duration_words;
using status::number_words;
using Align = TextTable::Align;

constexpr std::size_t kWidth = 80;

std::string headline(const observe::Report& report) {
    const std::string name =
        report.city.empty() ? report.gateway : report.gateway + " (" + report.city + ')';
    if (!report.running)
        return tr("{0} stands still: it takes no readings and delivers none.", {name});
    if (report.problems.empty()) return tr("{0} works.", {name});
    if (report.state() == "failing") return tr("{0} does not store readings.", {name});
    return tr("{0} works, but:", {name});
}

std::string causes(const std::map<std::string, std::uint64_t>& counts) {
    std::string text;
    for (const auto& [cause, count] : counts) {
        if (!text.empty()) text += ", ";
        text.append(status::cause_words(cause)).append(" ").append(number_words(count));
    }
    return text;
}

std::uint64_t sum(const std::map<std::string, std::uint64_t>& counts) {
    std::uint64_t total = 0;
    for (const auto& [cause, count] : counts) total += count;
    return total;
}

std::string ledger_section(const observe::Report& report) {
    TextTable table{{Align::left, Align::right}};
    table.add({tr("received"), number_words(report.received)});
    table.add({tr("stored"), number_words(report.stored)});
    table.add({tr("refused"), number_words(sum(report.refused))});
    table.add({tr("evicted"), number_words(sum(report.evicted))});
    std::string text = std::string{tr("Readings")} + '\n' + table.text();
    if (!report.refused.empty())
        text += wrapped("  " + std::string{tr("refused:")} + ' ', causes(report.refused), kWidth);
    if (!report.evicted.empty())
        text += wrapped("  " + std::string{tr("evicted:")} + ' ', causes(report.evicted), kWidth);
    return text;
}

std::string source_section(const observe::Report& report) {
    TextTable table{
        {Align::left, Align::left, Align::left, Align::right, Align::right, Align::left}};
    table.add(
        {tr("SOURCE"), tr("DRIVER"), tr("STATE"), tr("STORED"), tr("REFUSED"), tr("LAST MESSAGE")}
    );
    for (const auto& source : report.sources) {
        table.add(
            {source.name,
             source.driver,
             source.connected ? tr("ready") : tr("away"),
             number_words(source.stored),
             number_words(source.refused),
             ago_words(source.last_frame, report.clock.now)}
        );
    }
    return table.text();
}

std::string uplink_section(const observe::Report& report) {
    TextTable table{
        {Align::left, Align::left, Align::right, Align::right, Align::right, Align::left}};
    table.add(
        {tr("UPLINK"),
         tr("STATE"),
         tr("DELIVERED"),
         tr("WAITING"),
         tr("DEAD"),
         tr("LAST CONFIRMED")}
    );
    for (const auto& [name, uplink] : report.uplinks) {
        table.add(
            {name,
             uplink.connected ? tr("ready") : tr("away"),
             number_words(uplink.delivered),
             number_words(uplink.waiting),
             number_words(uplink.dead),
             ago_words(uplink.last_confirmed, report.clock.now)}
        );
    }
    return table.text();
}

std::uint64_t total(const std::map<std::string, std::uint64_t>& counts) {
    std::uint64_t sum = 0;
    for (const auto& [cause, count] : counts) sum += count;
    return sum;
}

std::string sum_section(const observe::Report& report) {
    TextTable table{
        {Align::left, Align::left, Align::right, Align::right, Align::right, Align::right}};
    table.add({tr("SUM"), tr("INTO"), tr("WINDOWS"), tr("TAKEN"), tr("LEFT OUT"), tr("SUPPRESSED")}
    );
    for (const auto& sum : report.sums) {
        table.add(
            {sum.name,
             sum.into,
             number_words(sum.releases),
             number_words(sum.taken),
             number_words(total(sum.left_out)),
             number_words(total(sum.suppressed))}
        );
    }
    return table.text();
}

// Counts; `passerelle firmware status` has the updates one by one.
void add_firmware(TextTable& table, const observe::FirmwareReport& firmware) {
    std::map<std::string, std::uint32_t> updates;
    std::map<std::string, std::uint32_t> devices;
    for (const auto& update : firmware.updates) ++updates[update.state];
    for (const auto& device : firmware.devices) ++devices[device.state];
    table.add({tr("updates"), updates.empty() ? tr("none") : status::update_counts_words(updates)});
    const auto counts = status::device_counts_words(devices);
    if (!counts.empty()) table.add({"", tr("devices: {0}", {counts})});
}

const char* clock_text(const observe::ClockReport& clock) {
    if (!clock.trusted) return model::translatable("not set; it is not before {0}");
    return clock.synchronised ? model::translatable("{0}, synchronised")
                              : model::translatable("{0}, not synchronised");
}

void add_buffer(TextTable& table, const observe::BufferReport& buffer) {
    table.add(
        {tr("buffer"),
         tr("{0} of {1}, {2} written to the card",
            {bytes_words(buffer.bytes),
             bytes_words(buffer.size_max),
             bytes_words(buffer.bytes_written)})}
    );
    if (buffer.full_in_s)
        table.add({"", tr("full in {0} at this rate", {duration_words(*buffer.full_in_s)})});
}

std::string box_section(const observe::Report& report) {
    TextTable table{{Align::left, Align::left}};
    if (report.running) add_buffer(table, report.buffer);
    table.add({tr("clock"), tr(clock_text(report.clock), {status::time_words(report.clock.now)})});
    if (report.running)
        table.add({tr("devices"), tr("{0} seen since the start", {number_words(report.devices)})});
    if (report.firmware) add_firmware(table, *report.firmware);
    if (report.consents > 0) table.add({tr("consents"), number_words(report.consents)});
    if (report.restrictions > 0) table.add({tr("restrictions"), number_words(report.restrictions)});
    table.add(
        {tr("version"),
         tr("{0}, running for {1}", {report.version, duration_words(report.uptime_s)})}
    );
    return table.text();
}

}  // namespace

std::string ago_words(const std::optional<model::Instant>& time, model::Instant now) {
    if (!time) return tr("never");
    const auto age = std::chrono::duration_cast<std::chrono::seconds>(now - *time);
    return tr("{0} ago", {duration_words(age.count())});
}

std::string state_text(const observe::Report& report, std::size_t problems_max, std::size_t width) {
    std::string text = headline(report) + '\n';
    std::size_t shown = 0;
    for (const auto& problem : report.problems) {
        if (shown++ == problems_max) break;
        text += wrapped("  - ", problem.text, width);
        text += "    " + tr("since {0}", {status::time_words(problem.since)}) + '\n';
    }
    return text;
}

std::string status_text(const observe::Report& report) {
    std::string text = state_text(report, report.problems.size(), kWidth);
    if (report.running) text += '\n' + ledger_section(report);
    if (!report.sources.empty()) text += '\n' + source_section(report);
    if (!report.uplinks.empty()) text += '\n' + uplink_section(report);
    if (!report.sums.empty()) text += '\n' + sum_section(report);
    return text + '\n' + box_section(report);
}

}  // namespace gateway::cli
