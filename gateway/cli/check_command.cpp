#include "gateway/cli/check_command.hpp"

#include "gateway/cli/configuration.hpp"
#include "gateway/cli/loosening_text.hpp"
#include "gateway/cli/openings_text.hpp"
#include "gateway/cli/recipient_table.hpp"
#include "gateway/cli/settings_summary.hpp"
#include "gateway/cli/sum_faults.hpp"
#include "gateway/cli/truth_table.hpp"
#include "gateway/language/translate.hpp"
#include "gateway/loosening/guard.hpp"

#include <CLI/CLI.hpp>

#include <algorithm>
#include <ostream>

namespace gateway::cli {
namespace {

using language::fill;
using language::tr;
using language::tr_plural;
using settings::Severity;

struct Options {
    std::string file = kDefaultConfiguration;
    std::string against;  // the configuration it replaces; empty: none
    bool without_files = false;
};

unsigned long count_of(const settings::LoadResult& result, Severity severity) {
    const auto count = std::count_if(
        result.diagnostics.begin(),
        result.diagnostics.end(),
        [severity](const auto& diagnostic) { return diagnostic.severity == severity; }
    );
    return static_cast<unsigned long>(count);
}

std::string verdict(const settings::LoadResult& result) {
    const auto errors = count_of(result, Severity::error);
    const auto warnings = count_of(result, Severity::warning);
    std::string text;
    if (errors > 0)
        text = fill(tr_plural("{0} error", "{0} errors", errors), {std::to_string(errors)});
    if (errors > 0 && warnings > 0) text += ", ";
    if (warnings > 0)
        text +=
            fill(tr_plural("{0} warning", "{0} warnings", warnings), {std::to_string(warnings)});
    return text;
}

// Says what the configuration opens that the one it replaces did not. That one may be of another
// box or time: the files it names need not be there, and what is unwise in it is not said.
// Where that one asks for a signature, says whether there is one.
int compare(const settings::LoadResult& now, const Options& options, CommandContext& context) {
    const auto before = settings::load(options.against, {.look_at_files = false});
    if (!before.settings) {
        write_diagnostics(before, context);
        return kExitConfiguration;
    }
    const auto judgement =
        loosening::judge_after(*before.settings, {*now.settings, now.text, options.file});
    context.out << '\n' << openings_text(judgement.openings, options.against);
    if (judgement.verdict == loosening::Verdict::is_signed)
        context.out << tr("The change is signed with the key that {0} names.", {options.against})
                    << '\n';
    if (!judgement.may_run()) context.out << signature_text(judgement, options.file);
    return kExitOk;
}

// False when there is one.
bool write_sum_faults(const settings::Settings& settings, CommandContext& context) {
    const auto faults = sum_faults(settings);
    for (const auto& fault : faults) context.err << fault << '\n';
    return faults.empty();
}

int check(const Options& options, CommandContext& context) {
    const auto result =
        load_configuration(options.file, context, {.look_at_files = !options.without_files});
    write_diagnostics(result, context);
    if (!result.diagnostics.empty()) context.err << verdict(result) << '\n';
    if (!result.settings) return kExitConfiguration;
    if (!options.without_files && !write_sum_faults(*result.settings, context))
        return kExitConfiguration;
    context.out << tr("{0} can be used.", {options.file}) << "\n\n"
                << settings_summary(*result.settings);
    if (!result.settings->datasets.empty()) {
        context.out << '\n'
                    << tr("What is left of each field, for each dataset:") << '\n'
                    << truth_table(*result.settings);
    }
    if (const auto sent = recipient_table(*result.settings); !sent.empty())
        context.out << '\n' << tr("What each recipient gets of what is stored:") << '\n' << sent;
    return options.against.empty() ? kExitOk : compare(result, options, context);
}

ManualText manual() {
    return {
        .description =
            {tr("Lists every mistake at once, each with file, line, column and remedy, on standard "
                "error. A configuration that can be used is summed up: the ways in, the datasets "
                "and what is left of each field, what each recipient gets."),
             tr("With --against it also says what is more open than in another configuration, and "
                "whether that change is signed. Nothing is touched, and no gateway need run.")},
        .exits =
            {{kExitConfiguration,
              tr("The configuration cannot be used; its mistakes are on standard error.")}},
        .files = {{kDefaultConfiguration, tr("The configuration, where none is named.")}},
        .examples =
            {{"passerelle check new.toml", tr("Before a file is put in place:")},
             {"passerelle check new.toml --against /etc/passerelle/passerelle.toml",
              tr("What would it open?")},
             {"passerelle check --without-files new.toml", tr("On another machine than the box:")}},
        .see_also = {"apply", "explain", "policy"}};
}

}  // namespace

void add_check_command(CLI::App& app, CommandContext& context) {
    CLI::App* command =
        app.add_subcommand("check", tr("Checks a configuration and says what it does"));
    context.manual[command] = manual;
    const auto options = std::make_shared<Options>();
    command->add_option("file,-c,--config", options->file, tr("The configuration"))
        ->type_name(tr("FILE"));
    command->add_flag(
        "--without-files", options->without_files, tr("Does not look for certificates and secrets")
    );
    command
        ->add_option(
            "--against", options->against, tr("Says what is more open than in this configuration")
        )
        ->type_name(tr("FILE"));
    command->callback([options, &context] { context.exit_status = check(*options, context); });
}

}  // namespace gateway::cli
