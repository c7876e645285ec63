#include "gateway/cli/doctor_command.hpp"

#include "gateway/cli/box_examination.hpp"
#include "gateway/cli/doctor_text.hpp"
#include "gateway/language/translate.hpp"

#include <CLI/CLI.hpp>

#include <memory>
#include <ostream>

namespace gateway::cli {
namespace {

using doctor::Checks;
using doctor::Examination;
using doctor::Severity;
using language::tr;

struct Options {
    std::string file = kDefaultConfiguration;
    bool json = false;
};

int exit_status_of(Severity worst) {
    if (worst == Severity::failure) return kExitFailure;
    return worst == Severity::warning ? kExitWarning : kExitOk;
}

int show(const Options& options, const CommandContext& context) {
    const Examination examination = examine_this_box(options.file, context);
    const Checks& checks = examination.checks;
    context.out << (options.json ? doctor_json(checks) + '\n' : doctor_text(checks));
    context.out.flush();
    const int status = exit_status_of(worst_of(checks));
    if (!examination.is_complete) leave_at_once(context, status);
    return status;
}

ManualText manual() {
    return {
        .description =
            {tr("Looks at everything that a gateway needs of its box and its network: "
                "configuration, keys and rights, disk and its wear, clock, names, brokers, "
                "recipients, the store. Each finding says what comes of it and what to do, the "
                "worst first. It works when the gateway is down too, changes nothing, and takes 20 "
                "seconds at most."),
             tr("Run it as root: another user sees less, and it says so.")},
        .exits =
            {{kExitOk, tr("Nothing is wrong; there may be notices.")},
             {kExitWarning,
              tr("Warnings: it works, and will not for long, or not as well as it should.")},
             {kExitFailure,
              tr("Failures: readings are not taken, not kept or not delivered, or what is private "
                 "is not.")}},
        .files = {{kDefaultConfiguration, tr("The configuration, where none is named.")}},
        .examples = {{"passerelle doctor", tr("When something does not work:")}},
        .see_also = {"status", "devices", "check"}};
}

}  // namespace

void add_doctor_command(CLI::App& app, CommandContext& context) {
    CLI::App* command = app.add_subcommand(
        "doctor", tr("Finds out what is wrong with the box, and says what to do")
    );
    context.manual[command] = manual;
    const auto options = std::make_shared<Options>();
    command->add_flag("--json", options->json, tr("For a machine"));
    command->add_option("-c,--config", options->file, tr("The gateway's configuration"))
        ->type_name(tr("FILE"));
    command->callback([options, &context] { context.exit_status = show(*options, context); });
}

}  // namespace gateway::cli
