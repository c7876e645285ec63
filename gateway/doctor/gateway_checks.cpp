#include "gateway/doctor/gateway_checks.hpp"

#include "gateway/language/translate.hpp"
#include "gateway/status/words.hpp"

#include <algorithm>
#include <string>

namespace gateway::doctor {
namespace {

using language::tr;
using observe::Report;
using status::bytes_words;
using status::duration_words;
using status::number_words;
using std::chrono::seconds;

constexpr std::uint64_t kNearlyFullPercent = 90;
constexpr seconds kFullSoon{24 * 3600};
constexpr std::size_t kProblemsMax = 20;

Check absent(const RunningGateway& running) {
    constexpr const char* kCode = "gateway";
    const auto harm = tr("No reading is taken, and none is delivered.");
    if (running.holder) {
        return {
            kCode,
            Severity::failure,
            tr("The process {0} has the buffer open, but does not answer: {1}",
               {std::to_string(*running.holder), running.answer}),
            tr("It hangs, has just been started, or is of another configuration."),
            tr("see what systemctl status passerelle and journalctl -u passerelle -n 50 say")};
    }
    return {
        kCode,
        Severity::failure,
        tr("No gateway answers: {0}", {running.answer}),
        harm,
        tr("mend what else is told here, then run systemctl restart passerelle (journalctl -u "
           "passerelle -n 50 says why it ended)")};
}

Check running_since(const settings::Settings& settings, const Report& report) {
    constexpr const char* kCode = "gateway";
    if (!settings.gateway.id.empty() && settings.gateway.id != report.gateway) {
        return {
            kCode,
            Severity::warning,
            tr("The gateway {0} answers, but the configuration is of {1}.",
               {report.gateway, settings.gateway.id}),
            tr("What is told here may be of two different gateways."),
            tr("name its configuration with --config, or run: systemctl restart passerelle")};
    }
    if (!report.running)
        return in_order(kCode, tr("The gateway {0} answers, and stands still.", {report.gateway}));
    return in_order(
        kCode,
        tr("The gateway {0} has been running for {1}.",
           {report.gateway, duration_words(report.uptime_s)})
    );
}

Check version(const Report& report) {
    constexpr const char* kCode = "gateway-version";
    if (report.version == PASSERELLE_VERSION)
        return in_order(kCode, tr("Version {0} is running.", {report.version}));
    return {
        kCode,
        Severity::notice,
        tr("Version {0} is running, {1} is installed.", {report.version, PASSERELLE_VERSION}),
        tr("What the new version mends is not in force yet."),
        tr("run: systemctl restart passerelle")};
}

Checks problems(const Report& report) {
    constexpr const char* kCode = "gateway-problems";
    if (report.problems.empty()) return {in_order(kCode, tr("The gateway sees no problem."))};
    Checks checks;
    for (const auto& problem : report.problems) {
        if (checks.size() == kProblemsMax) break;
        checks.push_back(
            {kCode,
             problem.failing ? Severity::failure : Severity::warning,
             problem.text,
             problem.failing ? tr("Readings cannot be stored.")
                             : tr("Readings are stored all the same."),
             tr("do what the text says; config/README.md has more about the code {0}",
                {problem.code})}
        );
    }
    return checks;
}

// How long a reading has waited decides; a quiet night without readings is none.
Check confirmed(const std::string& name, const observe::UplinkReport& uplink, model::Instant now) {
    constexpr const char* kCode = "uplink-confirmed";
    std::string last =
        tr("The uplink {0} has confirmed nothing since the gateway was started", {name});
    if (uplink.last_confirmed) {
        const auto age = std::chrono::duration_cast<seconds>(now - *uplink.last_confirmed);
        last =
            tr("The uplink {0} last confirmed a batch {1} ago",
               {name, duration_words(age.count())});
    }
    if (uplink.waiting == 0) return in_order(kCode, tr("{0}; nothing waits.", {last}));
    const auto finding =
        tr("{0}; {1} readings wait, the oldest for {2}.",
           {last, number_words(uplink.waiting), duration_words(uplink.lag_s)});
    if (seconds{uplink.lag_s} <= kUnconfirmedMax) return in_order(kCode, finding);
    return {
        kCode,
        Severity::warning,
        finding,
        tr("The city does not have them yet. Nothing is lost before the buffer is full."),
        uplink.detail.empty() ? tr("look at what is told here of this uplink")
                              : tr("the gateway says: {0}", {uplink.detail})};
}

Check dead_letters(const std::string& name, const observe::UplinkReport& uplink) {
    constexpr const char* kCode = "uplink-dead-letters";
    if (uplink.dead == 0)
        return in_order(
            kCode, tr("The recipient of the uplink {0} has refused no reading.", {name})
        );
    return {
        kCode,
        Severity::warning,
        tr("The recipient of the uplink {0} has refused {1} readings for good.",
           {name, number_words(uplink.dead)}),
        tr("They are kept apart and are not sent again."),
        tr("ask its operator what is wrong with them: most often a dataset or a quantity is "
           "unknown there")};
}

Check messages(const observe::SourceReport& source, const Report& report) {
    constexpr const char* kCode = "source-messages";
    if (!source.connected) {
        return {
            kCode,
            Severity::failure,
            tr("The source {0} cannot receive: {1}", {source.name, source.detail}),
            tr("What its devices send does not arrive."),
            tr("look at what is told here of its port or its broker")};
    }
    const auto quiet =
        source.last_frame
            ? std::chrono::duration_cast<seconds>(report.clock.now - *source.last_frame)
            : seconds{report.uptime_s};
    const auto finding =
        source.last_frame
            ? tr("The source {0} had its last message {1} ago.",
                 {source.name, duration_words(quiet.count())})
            : tr("The source {0} has had no message since the gateway was started.", {source.name});
    if (quiet <= kSilenceMax) return in_order(kCode, finding);
    return {
        kCode,
        Severity::warning,
        finding,
        tr("Its devices are switched off, out of reach, or send elsewhere."),
        tr("send a message by hand, as the README of its driver shows; look at the radio or the "
           "network of the devices")};
}

Check room(const observe::BufferReport& buffer) {
    constexpr const char* kCode = "buffer-room";
    const auto finding =
        tr("The buffer has {0} of {1}.", {bytes_words(buffer.bytes), bytes_words(buffer.size_max)});
    const bool is_nearly_full = buffer.bytes >= buffer.size_max / 100 * kNearlyFullPercent;
    const bool is_full_soon = buffer.full_in_s && seconds{*buffer.full_in_s} < kFullSoon;
    if (!is_nearly_full && !is_full_soon) return in_order(kCode, finding);
    return {
        kCode,
        Severity::warning,
        buffer.full_in_s
            ? finding + ' ' +
                  tr("It is full in {0} at this rate.", {duration_words(*buffer.full_in_s)})
            : finding,
        tr("Then the oldest readings go, or new ones are refused, as 'full' in [buffer] says."),
        tr("mend the way to the recipient, or raise size_max in [buffer]")};
}

Check budget(const observe::BufferReport& buffer) {
    constexpr const char* kCode = "buffer-wear";
    if (!buffer.bytes_per_day || !buffer.flash_budget_per_day)
        return skipped(kCode, tr("How much is written in a day is not known yet."));
    const auto finding =
        tr("The gateway writes {0} a day; the budget is {1}.",
           {bytes_words(*buffer.bytes_per_day), bytes_words(*buffer.flash_budget_per_day)});
    if (*buffer.bytes_per_day <= *buffer.flash_budget_per_day) return in_order(kCode, finding);
    return {
        kCode,
        Severity::notice,
        finding,
        tr("The card wears out sooner than planned."),
        tr("write linger = \"auto\" in [buffer], or a larger budget if the card bears it")};
}

// One that stopped is a problem of the gateway's; one whose time is over is none, and waits for
// somebody.
Check updates(const observe::FirmwareReport& firmware) {
    constexpr const char* kCode = "firmware-updates";
    const auto& all = firmware.updates;
    const auto expired = std::find_if(all.begin(), all.end(), [](const auto& update) {
        return update.state == "expired";
    });
    if (expired == all.end())
        return in_order(
            kCode, tr("Updates of devices that are stored: {0}.", {number_words(all.size())})
        );
    return {
        kCode,
        Severity::notice,
        tr("The date of update {0} for {1} / {2} is over.",
           {std::to_string(expired->number), expired->vendor, expired->device_class}),
        tr("Devices that do not have it yet are not offered it any more."),
        tr("sign a newer one and add it; or run: passerelle firmware abort {0}",
           {std::to_string(expired->number)})};
}

// What stands still knows no more of these than what is not there.
Checks of_a_running_one() {
    Checks checks;
    for (const char* code :
         {"uplink-confirmed",
          "uplink-dead-letters",
          "source-messages",
          "buffer-room",
          "buffer-wear"})
        checks.push_back(skipped(code, tr("Only a running gateway knows.")));
    return checks;
}

}  // namespace

Checks check_gateway(const settings::Settings& settings, const RunningGateway& running) {
    if (!running.report) {
        Checks checks{
            absent(running), skipped("gateway-problems", tr("Only a running gateway knows."))};
        append(checks, of_a_running_one());
        return checks;
    }
    const Report& report = *running.report;
    Checks checks{running_since(settings, report), version(report)};
    append(checks, problems(report));
    if (!report.running) {
        append(checks, of_a_running_one());
        return checks;
    }
    for (const auto& uplink : settings.uplinks) {
        const auto found = report.uplinks.find(uplink.name);
        if (found == report.uplinks.end()) continue;
        checks.push_back(confirmed(uplink.name, found->second, report.clock.now));
        checks.push_back(dead_letters(uplink.name, found->second));
    }
    for (const auto& source : report.sources) checks.push_back(messages(source, report));
    checks.push_back(room(report.buffer));
    checks.push_back(budget(report.buffer));
    if (report.firmware) checks.push_back(updates(*report.firmware));
    return checks;
}

}  // namespace gateway::doctor
