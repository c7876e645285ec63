#include "gateway/cli/decode_command.hpp"

#include "gateway/cli/configuration.hpp"
#include "gateway/cli/decode_lines.hpp"
#include "gateway/language/translate.hpp"
#include "gateway/settings/suggestion.hpp"

#include <CLI/CLI.hpp>

#include <algorithm>
#include <ostream>

namespace gateway::cli {
namespace {

using language::tr;

struct Options {
    std::string format;
    std::string payload;
    std::string key;
    bool hex = false;
    std::string file = kDefaultConfiguration;
    std::string source;
    std::string topic;
};

int usage_error(CommandContext& context, const std::string& text) {
    context.err << "passerelle decode: " << text << '\n';
    return kExitUsage;
}

int unknown_format(CommandContext& context, const std::string& name) {
    const auto names = decode::format_names();
    const auto meant = settings::nearest(name, names);
    if (!meant.empty())
        return usage_error(
            context, tr("there is no format '{0}': did you mean '{1}'?", {name, meant})
        );
    std::string list;
    for (const auto& each : names) list.append(list.empty() ? "" : ", ").append(each);
    return usage_error(context, tr("there is no format '{0}'; there are {1}", {name, list}));
}

// The source of the configuration; sets the exit status where there is none.
std::optional<settings::Source> find_source(const Options& options, CommandContext& context) {
    const auto result = load_configuration(options.file, context, {.look_at_files = false});
    if (!result.settings) {
        write_diagnostics(result, context);
        context.exit_status = kExitConfiguration;
        return std::nullopt;
    }
    const auto& sources = result.settings->sources;
    const auto found = std::find_if(sources.begin(), sources.end(), [&](const auto& source) {
        return source.name == options.source;
    });
    if (found != sources.end()) return *found;
    context.exit_status =
        usage_error(context, tr("{0} has no source named '{1}'", {options.file, options.source}));
    return std::nullopt;
}

std::optional<DecodeOptions> chosen(const Options& options, CommandContext& context) {
    DecodeOptions chosen;
    if (!options.source.empty()) {
        const auto source = find_source(options, context);
        if (!source) return std::nullopt;
        chosen.format = source->format;
        chosen.topics = source->topics;
    } else if (options.format.empty()) {
        context.exit_status = usage_error(context, tr("--format or --source is missing"));
        return std::nullopt;
    }
    if (!options.format.empty()) chosen.format.name = options.format;
    if (!options.payload.empty()) chosen.format.payload = options.payload;
    chosen.topic = options.topic;
    return chosen;
}

void run(const Options& options, CommandContext& context) {
    auto lines = chosen(options, context);
    if (!lines) return;
    const auto names = decode::format_names();
    for (const std::string& name : {lines->format.name, lines->format.payload}) {
        if (name.empty() || std::find(names.begin(), names.end(), name) != names.end()) continue;
        context.exit_status = unknown_format(context, name);
        return;
    }
    if (!bytes_of_hex(options.key)) {
        context.exit_status = usage_error(context, tr("the key is not in hexadecimal digits"));
        return;
    }
    if (options.hex) lines->encoding = DecodeLineReader::Encoding::hex;
    lines->now = [] {
        return std::chrono::time_point_cast<model::Instant::duration>(
            std::chrono::system_clock::now()
        );
    };
    context.exit_status = decode_lines(context.in, context.out, *lines) ? kExitOk : kExitNotDecoded;
}

}  // namespace

void add_decode_command(CLI::App& app, CommandContext& context) {
    CLI::App* command =
        app.add_subcommand("decode", tr("Shows what payloads from standard input say"));
    const auto options = std::make_shared<Options>();
    command->add_option("--format", options->format, tr("Format of the payloads"))
        ->type_name(tr("FORMAT"));
    command->add_option("--payload", options->payload, tr("Format inside a network server's event"))
        ->type_name(tr("FORMAT"));
    command->add_option("--key", options->key, tr("Key of a ciphered format"))
        ->type_name(tr("HEX"));
    command->add_flag("--hex", options->hex, tr("The lines are bytes in hexadecimal"));
    command->add_option("--config", options->file, tr("The configuration"))->type_name(tr("FILE"));
    command->add_option("--source", options->source, tr("Takes format and topics of this source"))
        ->type_name(tr("NAME"));
    command->add_option("--topic", options->topic, tr("Topic or path the payloads came by"))
        ->type_name(tr("TOPIC"));
    command->callback([options, &context] { run(*options, context); });
}

}  // namespace gateway::cli
