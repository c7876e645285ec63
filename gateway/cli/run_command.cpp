#include "gateway/cli/run_command.hpp"

#include "gateway/cli/configuration.hpp"
#include "gateway/cli/configuration_to_run.hpp"
#include "gateway/cli/loosening_text.hpp"
#include "gateway/cli/public_mistakes.hpp"
#include "gateway/cli/start_evidence.hpp"
#include "gateway/language/translate.hpp"
#include "gateway/loosening/guard.hpp"
#include "gateway/rollout/files.hpp"

#include <CLI/CLI.hpp>

#include <chrono>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <ostream>
#include <utility>

namespace gateway::cli {
namespace {

using language::tr;

constexpr std::chrono::seconds kTryAgain{30};

struct Options {
    std::string file = kDefaultConfiguration;
    bool stays_reachable = false;
    bool is_debuggable = false;
};

// What keeps the gateway from running.
struct Hindrance {
    Standstill standstill;
    bool may_pass = false;  // though the configuration stays as it is
};

Standstill broken(const settings::LoadResult& loaded, const std::string& file) {
    const auto text =
        tr("The configuration cannot be used: no reading is taken and none is delivered; what is "
           "stored is kept. {0}. Correct it and look at it with: passerelle check {1}. The gateway "
           "takes it by itself a few seconds later.",
           {public_mistakes(loaded), file});
    return {"configuration-broken", text, loaded.readable, {}};
}

Standstill not_signed(
    const settings::LoadResult& loaded,
    const loosening::Judgement& judgement,
    const std::string& file
) {
    std::string text =
        tr("The configuration opens more than the one that ran last and is not signed: no reading "
           "is taken and none is delivered; what is stored is kept. {0}",
           {signature_text(judgement, file)});
    while (text.ends_with('\n')) text.pop_back();
    return {"configuration-not-signed", text, loaded.readable, {}};
}

Standstill not_begun(const settings::LoadResult& loaded, const RunEnding& ending) {
    const auto text =
        tr("The gateway cannot begin: no reading is taken and none is delivered; what is stored is "
           "kept. {0} It tries again every {1} s.",
           {ending.why, std::to_string(kTryAgain.count())});
    return {ending.code, text, loaded.readable, {}};
}

// Runs the gateway, or says what keeps it from that; the exit status.
int attempt(
    const Options& options,
    CommandContext& context,
    GatewayProcess& gateway,
    std::optional<Hindrance>& hindrance
) {
    rollout::DiskFiles files;
    std::optional<rollout::History> history;
    const auto [result, given] = configuration_to_start(options.file, context, files, history);
    write_diagnostics(result, context);
    if (!result.settings) {
        hindrance = Hindrance{broken(result, options.file)};
        return kExitConfiguration;
    }
    const loosening::Guard guard(*result.settings);
    const auto judgement =
        guard.judge({*result.settings, given.text, options.file, given.signature});
    if (!judgement.may_run()) {
        context.err << refusal_text(judgement, options.file);
        hindrance = Hindrance{not_signed(result, judgement, options.file)};
        return kExitConfiguration;
    }
    const std::string file = std::filesystem::absolute(options.file).string();
    const auto ending =
        gateway.run({file, given, *result.settings, *history, permission_text(judgement)});
    if (!ending.code.empty()) hindrance = Hindrance{not_begun(result, ending), true};
    return ending.exit_status;
}

std::function<bool()> watch(std::shared_ptr<StartEvidence> evidence, bool may_pass) {
    constexpr auto kLooks = kTryAgain / Standstill::kLookInterval;
    return [evidence = std::move(evidence), may_pass, looks = 0]() mutable {
        return evidence->has_changed() || (may_pass && ++looks >= kLooks);
    };
}

int run(const Options& options, CommandContext& context, GatewayProcess& gateway) {
    gateway.prepare(options.is_debuggable);
    while (true) {
        std::shared_ptr<StartEvidence> evidence;
        if (options.stays_reachable) evidence = std::make_shared<StartEvidence>(options.file);
        std::optional<Hindrance> hindrance;
        const int status = attempt(options, context, gateway, hindrance);
        if (!hindrance || !options.stays_reachable) return status;
        Standstill& standstill = hindrance->standstill;
        standstill.is_worth_a_try = watch(std::move(evidence), hindrance->may_pass);
        if (!gateway.stand_still(standstill)) return kExitOk;
    }
}

ManualText manual() {
    return {
        .description =
            {tr("Runs until it is asked to stop by SIGTERM or SIGINT, and tells systemd when it is "
                "ready (Type=notify). What was acknowledged is on the disk then. The log goes to "
                "the journal, or to standard error."),
             tr("Where a configuration was on trial when the gateway was stopped, the last good "
                "one runs and not that of the file: see passerelle-apply(1)."),
             tr("With --stay-reachable, as the service has it, a gateway that cannot run stands "
                "still "
                "instead of ending: it takes and delivers nothing, touches nothing on the disk, "
                "and "
                "answers passerelle-status(1) and passerelle-doctor(1) with what is wrong. It runs "
                "a few seconds after the configuration is corrected, and tries again every 30 "
                "seconds where it is not the configuration."),
             tr("A core dump would hold readings and keys, so none is written, and no debugger of "
                "the same user may look into the process.")},
        .exits =
            {{70, tr("An error of the program; systemd starts it again.")},
             {74,
              tr("The store cannot be opened or written. Nothing is acknowledged any more, nothing "
                 "that was acknowledged is lost.")},
             {kExitConfiguration,
              tr("The configuration cannot be used, or opens more than the last one without a "
                 "signature.")}},
        .files =
            {{kDefaultConfiguration, tr("The configuration, where none is named.")},
             {"/var/lib/passerelle",
              tr("Buffer, keys and what else must survive a restart, unless the configuration says "
                 "otherwise.")}},
        .examples = {{"passerelle run -c my.toml", tr("Runs a configuration of your own:")}},
        .see_also = {"check", "apply", "status", "doctor"}};
}

}  // namespace

void add_run_command(CLI::App& app, CommandContext& context, GatewayProcess& gateway) {
    CLI::App* command = app.add_subcommand("run", tr("Runs the gateway in the foreground"));
    context.manual[command] = manual;
    const auto options = std::make_shared<Options>();
    command->add_option("-c,--config", options->file, tr("The configuration"))
        ->type_name(tr("FILE"));
    command->add_flag(
        "--stay-reachable",
        options->stays_reachable,
        tr("Where it cannot run, answers and says why instead of ending")
    );
    command->add_flag(
        "--debuggable",
        options->is_debuggable,
        tr("Lets debuggers and core dumps see readings and keys")
    );
    command->callback([options, &context, &gateway] {
        context.exit_status = run(*options, context, gateway);
    });
}

}  // namespace gateway::cli
