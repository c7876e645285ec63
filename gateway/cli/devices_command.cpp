#include "gateway/cli/devices_command.hpp"

#include "gateway/cli/configuration.hpp"
#include "gateway/cli/devices_text.hpp"
#include "gateway/cli/report_reader.hpp"
#include "gateway/cli/running_gateway.hpp"
#include "gateway/language/translate.hpp"

#include <CLI/CLI.hpp>

#include <algorithm>
#include <istream>
#include <memory>
#include <optional>
#include <ostream>
#include <vector>

namespace gateway::cli {
namespace {

using language::tr;

struct Options {
    GatewayPlace place;
    std::string name;
    std::string dataset;
    std::size_t limit = observe::DeviceQuery{}.limit;
    bool identity = false;
    bool silent = false;
    bool json = false;
};

constexpr std::size_t kIdentityBytesMax = 256;

// RFC 3986 section 2.1; whatever is not unreserved.
std::string percent_encoded(std::string_view text) {
    constexpr std::string_view kDigits = "0123456789ABCDEF";
    std::string out;
    for (const char c : text) {
        const auto code = static_cast<unsigned char>(c);
        const bool is_plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                              (c >= '0' && c <= '9') || c == '-' || c == '_' || c == '.';
        if (is_plain) {
            out += c;
        } else {
            out.append(1, '%').append(1, kDigits[code >> 4U]).append(1, kDigits[code & 0x0fU]);
        }
    }
    return out;
}

std::string path_for(std::string_view search, std::size_t limit, bool silent) {
    return "/devices?limit=" + std::to_string(limit) + (silent ? "&silent=1" : "") +
           "&search=" + percent_encoded(search);
}

// What a gateway knows, and the text it said it in.
struct Answer {
    std::string json;
    observe::DevicesReport report;
};

std::optional<Answer> ask(
    const Options& options, std::string_view search, std::size_t limit, CommandContext& context
) {
    auto json = ask_gateway(options.place, path_for(search, limit, options.silent), context);
    context.exit_status = kExitUnavailable;
    if (!json) return std::nullopt;
    auto report = read_devices(*json);
    if (!report) {
        say_no_gateway(context);
        return std::nullopt;
    }
    context.exit_status = kExitOk;
    return Answer{std::move(*json), std::move(*report)};
}

std::vector<observe::SourceReport> sources_of(const Options& options, CommandContext& context) {
    const auto json = ask_gateway(options.place, "/status", context);
    const auto report = json ? read_report(*json) : std::nullopt;
    return report ? report->sources : std::vector<observe::SourceReport>{};
}

void judge(const observe::DeviceReport& device, CommandContext& context) {
    if (device.state != "heard") context.exit_status = kExitNotHeard;
}

void show_all(const Options& options, CommandContext& context) {
    const auto answer = ask(options, "", options.limit, context);
    if (!answer) return;
    context.out << (options.json ? answer->json + '\n' : devices_text(answer->report));
}

void show_named(const Options& options, CommandContext& context) {
    const auto answer = ask(options, options.name, options.limit, context);
    if (!answer) return;
    const auto& devices = answer->report.devices;
    const auto meant = static_cast<std::size_t>(std::count_if(
        devices.begin(),
        devices.end(),
        [&](const auto& device) { return device.name == options.name; }
    ));
    const std::size_t shown = meant > 0 ? meant : devices.size();
    if (devices.empty()) context.exit_status = kExitNotHeard;
    if (shown == 1) judge(devices.front(), context);
    if (options.json) {
        context.out << answer->json << '\n';
    } else if (devices.empty()) {
        context.out << unknown_device_text(
                           options.name, answer->report, sources_of(options, context)
                       )
                    << tr("Here devices have the names that are stored. If that is the name on the "
                          "device: passerelle devices --identity --dataset NAME")
                    << '\n';
    } else if (meant == 0 && shown > 1) {
        context.out << devices_text(answer->report);
        for (const auto& device : devices) context.out << "  " << device.name << '\n';
    } else {
        const auto sources = sources_of(options, context);
        for (std::size_t i = 0; i < shown; ++i) context.out << device_text(devices[i], sources);
    }
}

// The name on a device is personal: a command line is seen by every user.
std::optional<std::string> read_identity(CommandContext& context) {
    std::string identity;
    std::getline(context.in, identity);
    if (identity.ends_with('\r')) identity.pop_back();
    if (!identity.empty() && identity.size() <= kIdentityBytesMax) return identity;
    context.err << tr("The name on the device is missing or longer than {0} bytes: write it into "
                      "standard input.",
                      {std::to_string(kIdentityBytesMax)})
                << '\n';
    context.exit_status = kExitUsage;
    return std::nullopt;
}

// Under which names of it the device was heard; nothing if no gateway answers.
struct Findings {
    std::vector<observe::DeviceReport> devices;
    observe::DevicesReport last;
    std::string json;  // an answer a line
};

std::optional<Findings> look_for(
    const std::vector<std::string>& names, const Options& options, CommandContext& context
) {
    Findings findings;
    for (const std::string& name : names) {
        auto answer = ask(options, name, options.limit, context);
        if (!answer) return std::nullopt;
        for (const auto& device : answer->report.devices) {
            if (device.name == name && device.dataset == options.dataset)
                findings.devices.push_back(device);
        }
        findings.json += answer->json + '\n';
        findings.last = std::move(answer->report);
    }
    return findings;
}

std::string joined(const std::vector<std::string>& names) {
    std::string text;
    for (const std::string& name : names) text += (text.empty() ? "" : ", ") + name;
    return text;
}

void show_findings(
    const Findings& findings,
    const std::vector<std::string>& names,
    const Options& options,
    CommandContext& context
) {
    const auto sources = sources_of(options, context);
    if (findings.devices.empty())
        context.out << unknown_device_text(joined(names), findings.last, sources);
    for (const auto& device : findings.devices) context.out << device_text(device, sources);
    const bool works =
        std::any_of(findings.devices.begin(), findings.devices.end(), [](const auto& device) {
            return device.state == "heard";
        });
    context.exit_status = works ? kExitOk : kExitNotHeard;
}

void show_of_identity(
    const Options& options, CommandContext& context, const StoredNameFinder& find_names
) {
    const auto settings = load_for_reading(options.place.file, context);
    context.exit_status = kExitConfiguration;
    if (!settings) return;
    const auto identity = read_identity(context);
    if (!identity) return;
    const auto names = find_names(*settings, options.dataset, *identity);
    context.exit_status = kExitUnavailable;
    if (!names) {
        context.err << names.error() << '\n';
        return;
    }
    if (names->empty()) {
        context.out << tr("Nothing was ever stored in dataset {0}: it has no keys yet.",
                          {options.dataset})
                    << '\n';
        context.exit_status = kExitNotHeard;
        return;
    }
    const auto findings = look_for(*names, options, context);
    if (!findings) return;
    if (options.json) {
        context.out << findings->json;
    } else {
        show_findings(*findings, *names, options, context);
    }
}

ManualText manual() {
    return {
        .description =
            {tr("Lists the devices that the gateway heard since it started, silent ones first: "
                "when, how often, battery and signal where the device sends them, and what was "
                "refused. Of one device it says in words whether it works and, if not, where to "
                "look; the beginning of its name will do."),
             tr("Names are those that are stored: pseudonyms, where the dataset makes them. With "
                "--identity the name on the device is read from standard input, and what it is "
                "stored under is computed here, as root or as the gateway's user; the name goes "
                "nowhere."),
             tr("A device is silent when it was not heard for three of its usual intervals.")},
        .exits =
            {{kExitNotHeard, tr("The device that was asked for is unknown, or does not work.")},
             {kExitUnavailable, tr("No gateway answers.")},
             {kExitConfiguration, tr("The configuration of the gateway cannot be used.")}},
        .files = {{kDefaultConfiguration, tr("The configuration, where none is named.")}},
        .examples =
            {{"passerelle devices --silent", tr("Which ones are silent?")},
             {"passerelle devices --identity --dataset water",
              tr("Asks by the name on the device, then type it:")}},
        .see_also = {"device", "status"}};
}

}  // namespace

void add_devices_command(CLI::App& app, CommandContext& context, StoredNameFinder find_names) {
    CLI::App* command = app.add_subcommand(
        "devices", tr("Shows the devices that were heard, and why one is silent")
    );
    context.manual[command] = manual;
    const auto options = std::make_shared<Options>();
    auto* name = command->add_option(
        "name", options->name, tr("A device's stored name, or the beginning of it")
    );
    name->type_name(tr("NAME"));
    command->add_flag("--silent", options->silent, tr("Only devices that are silent"));
    command->add_flag("--json", options->json, tr("For a machine"));
    command->add_option("--limit", options->limit, tr("How many are listed at most"))
        ->type_name(tr("COUNT"))
        ->check(CLI::Range(std::size_t{1}, observe::DeviceQuery::kListedMax).description(""));
    auto* identity = command->add_flag(
        "--identity",
        options->identity,
        tr("Asks by the name on the device, read from standard input: what it is stored under is "
           "computed here, nobody is told")
    );
    identity->excludes(name);
    auto* dataset =
        command->add_option("--dataset", options->dataset, tr("The dataset of --identity"));
    dataset->type_name(tr("NAME"))->needs(identity);
    identity->needs(dataset);
    add_gateway_options(*command, options->place);
    command->callback([options, &context, find = std::move(find_names)] {
        if (options->identity) return show_of_identity(*options, context, find);
        if (!options->name.empty()) return show_named(*options, context);
        show_all(*options, context);
    });
}

}  // namespace gateway::cli
