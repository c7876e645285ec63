#include "gateway/cli/watch_text.hpp"

#include "gateway/cli/status_text.hpp"
#include "gateway/cli/text_table.hpp"
#include "gateway/language/translate.hpp"
#include "gateway/status/words.hpp"

namespace gateway::cli {
namespace {

using language::tr;
using status::bytes_words;
using status::duration_words;
using status::number_words;
using Align = TextTable::Align;
using Rates = std::optional<FlowRates>;

constexpr std::size_t kProblemsMax = 3;  // the rest of the screen is for what flows

std::string absence_text(const Absence& absence, bool has_report, std::size_t width) {
    const std::string words =
        tr("No answer since {0}, for {1}.",
           {status::time_words(absence.since), duration_words(absence.for_s)});
    std::string text = wrapped("", words, width);
    text += wrapped("", tr("Is it running? systemctl status passerelle tells."), width);
    text += absence.reasons;
    if (has_report) text += '\n' + std::string{tr("This is what it said last:")} + '\n';
    return text;
}

std::string state_section(const observe::Report& report, std::size_t width) {
    std::string text = state_text(report, kProblemsMax, width);
    const std::size_t problems = report.problems.size();
    if (problems > kProblemsMax) {
        const std::string more = std::to_string(problems - kProblemsMax);
        text += "    " + tr("and {0} more: passerelle status shows all", {more}) + '\n';
    }
    return text;
}

std::string rate(const Rates& rates, std::uint64_t FlowRates::*tenths) {
    return rates ? status::tenths_words((*rates).*tenths) : std::string{"-"};
}

std::string rate_of(
    const Rates& rates,
    std::map<std::string, std::uint64_t> FlowRates::*by_name,
    const std::string& name
) {
    if (!rates) return "-";
    const auto& known = (*rates).*by_name;
    const auto found = known.find(name);
    return found != known.end() ? status::tenths_words(found->second) : std::string{"-"};
}

std::string change(const Rates& rates) {
    if (!rates) return "-";
    const auto tenths = rates->waiting;
    if (tenths == 0) return status::tenths_words(0);
    const auto size = static_cast<std::uint64_t>(tenths < 0 ? -tenths : tenths);
    return (tenths < 0 ? "-" : "+") + status::tenths_words(size);
}

std::string flow_section(const observe::Report& report, const Rates& rates) {
    TextTable table{{Align::left, Align::right, Align::right, Align::right, Align::right}};
    table.add({tr("READINGS"), tr("RECEIVED"), tr("STORED"), tr("REFUSED"), tr("WAITING")});
    table.add(
        {tr("a second"),
         rate(rates, &FlowRates::received),
         rate(rates, &FlowRates::stored),
         rate(rates, &FlowRates::refused),
         change(rates)}
    );
    table.add(
        {tr("in all"),
         number_words(report.received),
         number_words(report.stored),
         number_words(refused_in(report)),
         number_words(waiting_in(report))}
    );
    return table.text();
}

std::string buffer_section(const observe::Report& report, std::size_t width) {
    const auto& buffer = report.buffer;
    std::string text = tr("{0} of {1}", {bytes_words(buffer.bytes), bytes_words(buffer.size_max)});
    if (buffer.full_in_s)
        text += ", " + tr("full in {0} at this rate", {duration_words(*buffer.full_in_s)});
    if (buffer.empty_in_s)
        text +=
            ", " + tr("nothing waits in {0} at this rate", {duration_words(*buffer.empty_in_s)});
    return wrapped("  " + std::string{tr("buffer")} + "  ", text, width);
}

std::string uplink_section(const observe::Report& report, const Rates& rates) {
    TextTable table{
        {Align::left, Align::left, Align::right, Align::right, Align::right, Align::left}};
    table.add(
        {tr("UPLINK"), tr("STATE"), tr("SENT/S"), tr("WAITING"), tr("DEAD"), tr("LAST CONFIRMED")}
    );
    for (const auto& [name, uplink] : report.uplinks) {
        table.add(
            {name,
             uplink.connected ? tr("ready") : tr("away"),
             rate_of(rates, &FlowRates::delivered, name),
             number_words(uplink.waiting),
             number_words(uplink.dead),
             ago_words(uplink.last_confirmed, report.clock.now)}
        );
    }
    return table.text();
}

std::string source_section(const observe::Report& report, const Rates& rates) {
    TextTable table{
        {Align::left, Align::left, Align::left, Align::right, Align::right, Align::left}};
    table.add(
        {tr("SOURCE"),
         tr("DRIVER"),
         tr("STATE"),
         tr("STORED/S"),
         tr("REFUSED/S"),
         tr("LAST MESSAGE")}
    );
    for (const auto& source : report.sources) {
        table.add(
            {source.name,
             source.driver,
             source.connected ? tr("ready") : tr("away"),
             rate_of(rates, &FlowRates::stored_of, source.name),
             rate_of(rates, &FlowRates::refused_of, source.name),
             ago_words(source.last_frame, report.clock.now)}
        );
    }
    return table.text();
}

}  // namespace

std::string watch_text(
    const std::optional<observe::Report>& report,
    const std::optional<FlowRates>& rates,
    const std::optional<Absence>& absence,
    std::size_t width
) {
    std::string text;
    if (absence) text = absence_text(*absence, report.has_value(), width);
    if (!report) return text;
    text += state_section(*report, width) + '\n';
    if (!report->running) return text;
    text += flow_section(*report, rates) + buffer_section(*report, width);
    if (!report->uplinks.empty()) text += '\n' + uplink_section(*report, rates);
    if (!report->sources.empty()) text += '\n' + source_section(*report, rates);
    return text;
}

}  // namespace gateway::cli
