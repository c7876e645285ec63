#include "gateway/cli/command_line.hpp"

#include "gateway/language/translate.hpp"
#include "gateway/settings/suggestion.hpp"

#include <CLI/CLI.hpp>

#include <algorithm>
#include <ostream>
#include <string_view>
#include <vector>

namespace gateway::cli {
namespace {

using language::tr;

constexpr std::string_view kLanguageOption = "--lang";

void translate_labels(CLI::App& app) {
    const auto formatter = std::make_shared<CLI::Formatter>();
    formatter->label("Usage", tr("Usage"));
    formatter->label("OPTIONS", tr("OPTIONS"));
    formatter->label("SUBCOMMAND", tr("COMMAND"));
    formatter->label("SUBCOMMANDS", tr("COMMANDS"));
    formatter->label("Positionals", tr("Arguments"));
    formatter->label("REQUIRED", tr("(required)"));
    constexpr std::size_t kColumnWidth = 28;
    formatter->column_width(kColumnWidth);
    app.formatter(formatter);
    app.set_help_flag("-h,--help", tr("Shows this help"));
    app.option_defaults()->group(tr("Options"));
    app.get_help_ptr()->group(tr("Options"));
}

// The first argument that is neither an option nor the language: the command, if there is one.
std::string_view first_word(int count, const char* const* arguments) {
    for (int i = 1; i < count; ++i) {
        const std::string_view argument = arguments[i];
        if (argument == kLanguageOption) {
            ++i;
        } else if (!argument.starts_with('-')) {
            return argument;
        }
    }
    return {};
}

std::string fault_words(CLI::App& app, const CLI::ParseError& failure, std::string_view word) {
    std::vector<std::string_view> names;
    for (const CLI::App* command : app.get_subcommands({})) names.push_back(command->get_name());
    const bool known = std::find(names.begin(), names.end(), word) != names.end();
    if (word.empty()) return tr("a command is missing");
    if (known) return tr("this cannot be understood ({0})", {failure.what()});
    const std::string_view meant = settings::nearest(word, names);
    if (meant.empty()) return tr("there is no command '{0}'", {word});
    return tr("there is no command '{0}': did you mean '{1}'?", {word, meant});
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
    translate_labels(*app_);
    app_->set_version_flag(
        "-V,--version", "passerelle " PASSERELLE_VERSION, tr("Shows the version")
    );
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
    for (CLI::App* command : app_->get_subcommands({})) {
        command->group(tr("Commands"));
        command->get_help_ptr()->group(tr("Options"));  // the one option that is not translated yet
    }
    try {
        app_->parse(count_, arguments_);
    } catch (const CLI::Success& answer) {  // help, version
        app_->exit(answer, context_.out, context_.err);
        return kExitOk;
    } catch (const CLI::ParseError& failure) {
        context_.err << "passerelle: "
                     << fault_words(*app_, failure, first_word(count_, arguments_)) << '\n'
                     << tr("passerelle --help lists the commands, passerelle COMMAND --help their "
                           "options")
                     << '\n';
        return kExitUsage;
    }
    return context_.exit_status;
}

}  // namespace gateway::cli
