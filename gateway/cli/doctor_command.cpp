#include "gateway/cli/doctor_command.hpp"

#include "gateway/cli/configuration.hpp"
#include "gateway/cli/doctor_text.hpp"
#include "gateway/cli/http_get.hpp"
#include "gateway/cli/loosening_text.hpp"
#include "gateway/cli/report_reader.hpp"
#include "gateway/cli/sum_faults.hpp"
#include "gateway/doctor/box.hpp"
#include "gateway/language/translate.hpp"
#include "gateway/loosening/guard.hpp"

#include <CLI/CLI.hpp>
#include <unistd.h>

#include <memory>
#include <ostream>
#include <utility>

namespace gateway::cli {
namespace {

using doctor::Check;
using doctor::Checks;
using doctor::Group;
using doctor::Severity;
using language::tr;

constexpr std::chrono::milliseconds kPatience{1500};  // for the gateway's word, at each address
constexpr std::chrono::seconds kLimit{4};             // for both, or for files of the gateway
constexpr int kHttpOk = 200;

struct Options {
    std::string file = kDefaultConfiguration;
    bool json = false;
};

// The gateway's word, by its socket or its address.
doctor::RunningGateway ask(const settings::Settings& settings) {
    doctor::RunningGateway running;
    running.holder = doctor::holder_of(settings.buffer.path);
    for (const std::string& address : {settings.status.socket, settings.status.listen}) {
        if (address.empty()) continue;
        const auto answer = http_get(address, "/status", kPatience);
        if (answer && answer->status == kHttpOk) running.report = read_report(answer->body);
        if (running.report) return running;
        const std::string why =
            answer ? "HTTP " + std::to_string(answer->status) : answer.error().message();
        if (!running.answer.empty()) running.answer += ", ";
        running.answer.append(address).append(": ").append(why);
    }
    if (running.answer.empty()) running.answer = tr("[status] names no address to ask at");
    return running;
}

Checks sums(const settings::Settings& settings) {
    Checks checks;
    for (const std::string& fault : sum_faults(settings)) {
        checks.push_back(
            {"configuration",
             Severity::failure,
             fault,
             tr("The gateway does not start with this configuration."),
             tr("correct the sum, or its list of members")}
        );
    }
    return checks;
}

// Whether the next start would be refused for want of the city's signature.
Check signature(const settings::LoadResult& loaded, const std::string& file) {
    constexpr const char* kCode = "configuration-signature";
    const auto& settings = *loaded.settings;
    const auto& state = settings.gateway.state_directory;
    const bool is_readable = ::access(state.c_str(), R_OK | X_OK) == 0;
    if (!is_readable)
        return doctor::skipped(kCode, tr("What ran last is not to be read in {0}.", {state}));
    const loosening::Guard guard(settings);
    const auto judgement = guard.judge({settings, loaded.text, file});
    if (judgement.may_run())
        return doctor::in_order(kCode, tr("The configuration needs no signature, or has it."));
    return {
        kCode,
        Severity::failure,
        tr("{0} opens more than the configuration that ran last, without the city's signature.",
           {file}),
        tr("The gateway does not start with this configuration."),
        signature_text(judgement, file)};
}

// What would keep this configuration from being taken, as `run` looks at it.
Group acceptance(const settings::LoadResult& loaded, const std::string& file) {
    return {"configuration", kLimit, [loaded, file] {
                if (!loaded.settings) return Checks{};
                Checks checks = sums(*loaded.settings);
                checks.push_back(signature(loaded, file));
                return checks;
            }};
}

// The gateway's word, bounded: where its files are may hang.
doctor::RunningGateway ask_in_time(const settings::Settings& settings) {
    const auto running = std::make_shared<doctor::RunningGateway>();
    const auto unfinished = doctor::examine({{"gateway", kLimit, [running, settings] {
                                                  *running = ask(settings);
                                                  return Checks{};
                                              }}});
    if (unfinished.empty()) return *running;
    doctor::RunningGateway unknown;
    unknown.answer = unfinished.front().finding;
    return unknown;
}

Checks examine(const Options& options, CommandContext& context) {
    doctor::Box box;
    box.file = options.file;
    box.loaded = load_configuration(options.file, context, {.look_at_files = false});
    box.running = ask_in_time(box.loaded.settings.value_or(settings::Settings{}));
    box.more.push_back(acceptance(box.loaded, box.file));
    Checks checks = doctor::examine_box(std::move(box));
    sort_worst_first(checks);
    return checks;
}

int exit_status_of(Severity worst) {
    if (worst == Severity::failure) return kExitFailure;
    return worst == Severity::warning ? kExitWarning : kExitOk;
}

int show(const Options& options, CommandContext& context) {
    const Checks checks = examine(options, context);
    context.out << (options.json ? doctor_json(checks) + '\n' : doctor_text(checks));
    context.out.flush();
    return exit_status_of(worst_of(checks));
}

}  // namespace

void add_doctor_command(CLI::App& app, CommandContext& context) {
    CLI::App* command = app.add_subcommand(
        "doctor", tr("Finds out what is wrong with the box, and says what to do")
    );
    const auto options = std::make_shared<Options>();
    command->add_flag("--json", options->json, tr("For a machine"));
    command->add_option("-c,--config", options->file, tr("The gateway's configuration"))
        ->type_name(tr("FILE"));
    command->callback([options, &context] { context.exit_status = show(*options, context); });
}

}  // namespace gateway::cli
