#include "gateway/cli/payload_options.hpp"

#include "gateway/cli/configuration.hpp"
#include "gateway/language/translate.hpp"
#include "gateway/settings/suggestion.hpp"

#include <CLI/CLI.hpp>

#include <algorithm>
#include <ostream>
#include <utility>

namespace gateway::cli {
namespace {

using language::tr;

std::string unknown_format(const std::string& name) {
    const auto names = decode::format_names();
    const auto meant = settings::nearest(name, names);
    if (!meant.empty()) return tr("there is no format '{0}': did you mean '{1}'?", {name, meant});
    std::string list;
    for (const auto& each : names) list.append(list.empty() ? "" : ", ").append(each);
    return tr("there is no format '{0}'; there are {1}", {name, list});
}

// What is wrong with the options; empty if they can be used.
std::string fault_of(const DecodeOptions& chosen, const PayloadOptions& options) {
    const auto names = decode::format_names();
    for (const std::string& name : {chosen.format.name, chosen.format.payload}) {
        if (!name.empty() && std::find(names.begin(), names.end(), name) == names.end())
            return unknown_format(name);
    }
    return bytes_of_hex(options.key) ? std::string{} : tr("the key is not in hexadecimal digits");
}

}  // namespace

int usage_error(const PayloadOptions& options, const std::string& text, CommandContext& context) {
    context.err << "passerelle " << options.command << ": " << text << '\n';
    return kExitUsage;
}

std::optional<settings::Settings> load_settings(
    const PayloadOptions& options, CommandContext& context
) {
    auto result = load_configuration(options.file, context, {.look_at_files = false});
    if (result.settings) return std::move(result.settings);
    write_diagnostics(result, context);
    context.exit_status = kExitConfiguration;
    return std::nullopt;
}

const settings::Source* find_source(
    const settings::Settings& settings, const PayloadOptions& options, CommandContext& context
) {
    const auto& sources = settings.sources;
    const auto found = std::find_if(sources.begin(), sources.end(), [&](const auto& source) {
        return source.name == options.source;
    });
    if (found != sources.end()) return &*found;
    context.exit_status = usage_error(
        options, tr("{0} has no source named '{1}'", {options.file, options.source}), context
    );
    return nullptr;
}

std::optional<DecodeOptions> decode_options(
    const PayloadOptions& options, const settings::Source* source, CommandContext& context
) {
    DecodeOptions chosen;
    if (source != nullptr) {
        chosen.format = source->format;
        chosen.topics = source->topics;
    } else if (options.format.empty()) {
        context.exit_status = usage_error(options, tr("--format or --source is missing"), context);
        return std::nullopt;
    }
    if (!options.format.empty()) chosen.format.name = options.format;
    if (!options.payload.empty()) chosen.format.payload = options.payload;
    if (options.hex) chosen.encoding = DecodeLineReader::Encoding::hex;
    chosen.topic = options.topic;
    chosen.now = [] {
        return std::chrono::time_point_cast<model::Instant::duration>(
            std::chrono::system_clock::now()
        );
    };
    const std::string fault = fault_of(chosen, options);
    if (fault.empty()) return chosen;
    context.exit_status = usage_error(options, fault, context);
    return std::nullopt;
}

void add_payload_options(CLI::App& command, PayloadOptions& options) {
    command.add_option("--format", options.format, tr("Format of the payloads"))
        ->type_name(tr("FORMAT"));
    command.add_option("--payload", options.payload, tr("Format inside a network server's event"))
        ->type_name(tr("FORMAT"));
    command.add_option("--key", options.key, tr("Key of a ciphered format"))->type_name(tr("HEX"));
    command.add_flag("--hex", options.hex, tr("The lines are bytes in hexadecimal"));
    command.add_option("--config", options.file, tr("The configuration"))->type_name(tr("FILE"));
    command.add_option("--source", options.source, tr("Takes format and topics of this source"))
        ->type_name(tr("NAME"));
    command.add_option("--topic", options.topic, tr("Topic or path the payloads came by"))
        ->type_name(tr("TOPIC"));
}

}  // namespace gateway::cli
