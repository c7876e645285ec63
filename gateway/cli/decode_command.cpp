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

}  // namespace

void add_decode_command(CLI::App& app, CommandContext& context) {
    CLI::App* command =
        app.add_subcommand("decode", tr("Shows what payloads from standard input say"));
    const auto options = std::make_shared<PayloadOptions>();
    options->command = "decode";
    add_payload_options(*command, *options);
    command->callback([options, &context] { run(*options, context); });
}

}  // namespace gateway::cli
