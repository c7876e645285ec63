#include "gateway/cli/decode_command.hpp"

#include "gateway/cli/decode_lines.hpp"
#include "gateway/cli/payload_options.hpp"
#include "gateway/language/translate.hpp"

#include <CLI/CLI.hpp>

namespace gateway::cli {
namespace {

using language::tr;

void run(const PayloadOptions& options, CommandContext& context) {
    std::optional<settings::Settings> settings;
    const settings::Source* source = nullptr;
    if (!options.source.empty()) {
        settings = load_settings(options, context);
        if (!settings) return;
        source = find_source(*settings, options, context);
        if (source == nullptr) return;
    }
    const auto lines = decode_options(options, source, context);
    if (!lines) return;
    context.exit_status = decode_lines(context.in, context.out, *lines) ? kExitOk : kExitNotDecoded;
}

ManualText manual() {
    return {
        .description =
            {tr("Reads payloads from standard input, one a line: text, bytes in hexadecimal with "
                "--hex, or JSON lines with the members input or input_hex, and key. Writes a line "
                "of JSON for each: its readings with device, quantity, value, unit, time and "
                "attributes, or the error with code and message."),
             tr("With --source the format, the mapping and the topics of a source of the "
                "configuration are taken, so that the device is told from --topic as on the way in."
             )},
        .exits =
            {{kExitNotDecoded, tr("A line was refused.")},
             {kExitConfiguration,
              tr("The configuration cannot be used; its mistakes are on standard error.")}},
        .files = {{kDefaultConfiguration, tr("The configuration, where none is named.")}},
        .examples =
            {{"echo 01670110 | passerelle decode --format cayenne-lpp --hex",
              tr("A sensor says 27.2 degrees:")},
             {"passerelle decode --source meters --topic water/m-1/reading <payloads.jsonl",
              tr("As a source of the configuration reads it:")}},
        .see_also = {"explain", "check"}};
}

}  // namespace

void add_decode_command(CLI::App& app, CommandContext& context) {
    CLI::App* command =
        app.add_subcommand("decode", tr("Shows what payloads from standard input say"));
    context.manual[command] = manual;
    const auto options = std::make_shared<PayloadOptions>();
    options->command = "decode";
    add_payload_options(*command, *options);
    command->callback([options, &context] { run(*options, context); });
}

}  // namespace gateway::cli
