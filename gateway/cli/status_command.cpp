#include "gateway/cli/status_command.hpp"

#include "gateway/cli/configuration.hpp"
#include "gateway/cli/http_get.hpp"
#include "gateway/cli/report_reader.hpp"
#include "gateway/cli/status_text.hpp"
#include "gateway/language/translate.hpp"

#include <CLI/CLI.hpp>

#include <optional>
#include <ostream>
#include <vector>

namespace gateway::cli {
namespace {

using language::tr;

constexpr std::chrono::seconds kPatience{5};
constexpr int kHttpOk = 200;

struct Options {
    std::string file = kDefaultConfiguration;
    std::string address;
    bool json = false;
};

// Where the gateway may answer, the best first. A technician who may not read the configuration
// still finds a gateway at its default address.
std::vector<std::string> addresses(const Options& options, CommandContext& context) {
    if (!options.address.empty()) return {options.address};
    const auto loaded = load_configuration(options.file, context, {.look_at_files = false});
    const settings::Status status = loaded.settings ? loaded.settings->status : settings::Status{};
    std::vector<std::string> found;
    if (!status.socket.empty()) found.push_back(status.socket);
    if (!status.listen.empty()) found.push_back(status.listen);
    return found;
}

// The first answer; otherwise says on context.err why there is none.
std::optional<std::string> ask(const Options& options, CommandContext& context) {
    std::string failures;
    for (const std::string& address : addresses(options, context)) {
        const auto answer = http_get(address, "/status", kPatience);
        if (answer && answer->status == kHttpOk) return answer->body;
        const std::string reason =
            answer ? "HTTP " + std::to_string(answer->status) : answer.error().message();
        failures.append("  ").append(address).append(": ").append(reason).append("\n");
    }
    context.err << tr("No gateway answers. Is it running? systemctl status passerelle tells.")
                << '\n'
                << failures;
    return std::nullopt;
}

int exit_status_of(const observe::Report& report) {
    if (report.state() == "failing") return kExitFailing;
    return report.problems.empty() ? kExitOk : kExitDegraded;
}

int show_status(const Options& options, CommandContext& context) {
    const auto answer = ask(options, context);
    if (!answer) return kExitUnavailable;
    const auto report = read_report(*answer);
    if (!report) {
        context.err << tr("What answers there is not a gateway.") << '\n';
        return kExitUnavailable;
    }
    context.out << (options.json ? *answer + '\n' : status_text(*report));
    return exit_status_of(*report);
}

}  // namespace

void add_status_command(CLI::App& app, CommandContext& context) {
    CLI::App* command = app.add_subcommand("status", tr("Shows whether the running gateway works"));
    const auto options = std::make_shared<Options>();
    command->add_flag("--json", options->json, tr("For a machine"));
    command->add_option("-c,--config", options->file, tr("The gateway's configuration"))
        ->type_name(tr("FILE"));
    command
        ->add_option("--address", options->address, tr("Its unix socket or its address and port"))
        ->type_name(tr("ADDRESS"));
    command->callback([options, &context] { context.exit_status = show_status(*options, context); }
    );
}

}  // namespace gateway::cli
