#include "gateway/cli/run_command.hpp"

#include "gateway/cli/configuration.hpp"
#include "gateway/language/translate.hpp"

#include <CLI/CLI.hpp>

#include <utility>

namespace gateway::cli {

using language::tr;

void add_run_command(
    CLI::App& app, CommandContext& context, std::function<int(const settings::Settings&)> gateway
) {
    CLI::App* command = app.add_subcommand("run", tr("Runs the gateway in the foreground"));
    const auto file = std::make_shared<std::string>(kDefaultConfiguration);
    command->add_option("-c,--config", *file, tr("The configuration"))->type_name(tr("FILE"));
    command->callback([file, &context, gateway = std::move(gateway)] {
        const auto result = load_configuration(*file, context);
        write_diagnostics(result, context);
        context.exit_status = result.settings ? gateway(*result.settings) : kExitConfiguration;
    });
}

}  // namespace gateway::cli
