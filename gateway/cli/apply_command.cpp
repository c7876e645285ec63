#include "gateway/cli/apply_command.hpp"

#include "gateway/cli/configuration.hpp"
#include "gateway/cli/trial.hpp"
#include "gateway/language/translate.hpp"
#include "gateway/loosening/guard.hpp"
#include "gateway/runtime/secret_file.hpp"

#include <CLI/CLI.hpp>

#include <filesystem>
#include <memory>

namespace gateway::cli {
namespace {

using language::tr;

struct Options : TrialOptions {
    std::string candidate;
};

int apply(const Options& options, CommandContext& context) {
    RolloutSession session(context, options.file);
    if (!session.open()) return context.exit_status;
    const auto loaded = settings::load(options.candidate, {.look_at_files = false});
    if (loaded.text.empty()) {  // it cannot be read
        write_diagnostics(loaded, context);
        return kExitConfiguration;
    }
    const auto signature =
        runtime::read_secret(loosening::signature_file(options.candidate).string());
    Trial::Candidate candidate;
    candidate.name = options.candidate;
    candidate.given = {loaded.text, signature ? *signature : std::string{}};
    candidate.note = std::filesystem::path(options.candidate).filename().string();
    return Trial(context, session, options).run(candidate);
}

}  // namespace

void add_apply_command(CLI::App& app, CommandContext& context) {
    CLI::App* command = app.add_subcommand(
        "apply", tr("Puts a configuration in place, and returns by itself unless it is confirmed")
    );
    const auto options = std::make_shared<Options>();
    command->add_option("file", options->candidate, tr("The configuration to apply"))
        ->type_name(tr("FILE"))
        ->required();
    add_trial_options(*command, *options);
    command->callback([options, &context] { context.exit_status = apply(*options, context); });
}

}  // namespace gateway::cli
