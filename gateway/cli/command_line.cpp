#include "gateway/cli/command_line.hpp"

#include "gateway/cli/help_format.hpp"
#include "gateway/cli/program_manual.hpp"
#include "gateway/cli/usage_fault.hpp"
#include "gateway/language/translate.hpp"

#include <CLI/CLI.hpp>

#include <ostream>
#include <string_view>

namespace gateway::cli {
namespace {

using language::tr;

constexpr std::string_view kLanguageOption = "--lang";

void translate_labels(CLI::App& app) {
    format_help(app);
    app.set_help_flag("-h,--help", tr("Shows this help"));
    app.option_defaults()->group(tr("Options"));
    app.get_help_ptr()->group(tr("Options"));
}

// What CLI11 names before a command can say otherwise.
void translate_groups(CLI::App& app) {
    for (CLI::App* command : app.get_subcommands({})) {
        command->group(tr("Commands"));
        command->get_help_ptr()->group(tr("Options"));
        translate_groups(*command);
    }
}

}  // namespace

std::string language_argument(int count, const char* const* arguments) {
    for (int i = 1; i < count; ++i) {
        const std::string_view argument = arguments[i];
        if (argument == kLanguageOption && i + 1 < count) return arguments[i + 1];
        if (argument.starts_with(kLanguageOption) &&
            argument.substr(kLanguageOption.size()).starts_with('='))
            return std::string{argument.substr(kLanguageOption.size() + 1)};
    }
    return {};
}

CommandLine::CommandLine(int count, const char* const* arguments, CommandContext& context)
    : count_(count), arguments_(arguments), context_(context) {
    context_.language = language_argument(count, arguments);
    language::choose(context_.language);
    app_ = std::make_unique<CLI::App>(
        tr("Collects the readings of a city's meters and sensors, removes what is personal, and "
           "delivers them."),
        "passerelle"
    );
    context_.manual[app_.get()] = program_manual;
    translate_labels(*app_);
    app_->add_option("--lang", context_.language, tr("Language of every text: fr or en"))
        ->type_name("fr|en")
        ->check(CLI::IsMember({"fr", "en"}).description(""));
    app_->require_subcommand(1);
    app_->fallthrough();
}

CommandLine::~CommandLine() = default;

CLI::App& CommandLine::app() {
    return *app_;
}

int CommandLine::run() {
    translate_groups(*app_);
    try {
        app_->parse(count_, arguments_);
    } catch (const CLI::Success& answer) {  // help, version
        app_->exit(answer, context_.out, context_.err);
        return kExitOk;
    } catch (const CLI::ParseError& failure) {
        context_.err << "passerelle: " << usage_fault(*app_, failure) << '\n'
                     << tr("passerelle --help lists the commands, passerelle COMMAND --help their "
                           "options")
                     << '\n';
        return kExitUsage;
    }
    return context_.exit_status;
}

}  // namespace gateway::cli
