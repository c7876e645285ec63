#include "gateway/cli/usage_fault.hpp"

#include "gateway/cli/option_value.hpp"
#include "gateway/language/translate.hpp"
#include "gateway/settings/suggestion.hpp"

#include <CLI/CLI.hpp>

#include <algorithm>
#include <string_view>
#include <vector>

namespace gateway::cli {
namespace {

using language::tr;
using Kind = OptionValue::Kind;

// The command that was being read when it failed.
CLI::App& command_of(CLI::App& app) {
    CLI::App* command = &app;
    while (!command->get_subcommands().empty()) command = command->get_subcommands().back();
    return *command;
}

// The option of this name, of the command or of one it belongs to; null if there is none.
CLI::Option* find_option(CLI::App* command, const std::string& name) {
    for (; command != nullptr; command = command->get_parent()) {
        if (CLI::Option* option = command->get_option_no_throw(name)) return option;
    }
    return nullptr;
}

std::string named(CLI::App& command, const std::string& name) {
    const CLI::Option* option = find_option(&command, name);
    return option == nullptr ? name : shown_name(*option);
}

std::string joined(const std::vector<std::string>& words) {
    std::string list;
    for (const std::string& word : words) list.append(list.empty() ? "" : ", ").append(word);
    return list;
}

std::string unknown_option(CLI::App& command, const std::string& word) {
    std::vector<std::string> names;
    for (CLI::App* at = &command; at != nullptr; at = at->get_parent()) {
        for (const CLI::Option* option : at->get_options({})) {
            for (const std::string& name : option->get_lnames()) names.push_back("--" + name);
        }
    }
    const std::vector<std::string_view> candidates(names.begin(), names.end());
    const std::string name = word.substr(0, word.find('='));
    const std::string_view meant = settings::nearest(name, candidates);
    if (meant.empty()) return tr("there is no option '{0}'", {name});
    return tr("there is no option '{0}': did you mean '{1}'?", {name, meant});
}

// A command is missing, or is none: the first word that nobody took.
std::string missing_command(CLI::App& command, const std::vector<std::string>& left_over) {
    std::vector<std::string_view> names;
    for (const CLI::App* each : command.get_subcommands({})) names.push_back(each->get_name());
    if (left_over.empty()) {
        if (command.get_parent() == nullptr) return tr("a command is missing");
        std::vector<std::string> list(names.begin(), names.end());
        return tr("a command is missing behind '{0}': {1}", {command.get_name(), joined(list)});
    }
    const std::string& word = left_over.front();
    const std::string_view meant = settings::nearest(word, names);
    if (meant.empty()) return tr("there is no command '{0}'", {word});
    return tr("there is no command '{0}': did you mean '{1}'?", {word, meant});
}

std::string refused_value(CLI::Option& option, const std::string& said) {
    const std::string name = shown_name(option);
    const std::string given = option.results().empty() ? std::string{} : option.results().back();
    const OptionValue allowed = allowed_by(said);
    if (allowed.kind == Kind::words)
        return tr("{0} cannot be '{1}'; it can be: {2}", {name, given, joined(allowed.words)});
    if (!allowed.to.empty())
        return tr(
            "{0} is a number from {1} to {2}, not '{3}'", {name, allowed.from, allowed.to, given}
        );
    if (allowed.kind == Kind::text) return tr("{0} is a positive number, not '{1}'", {name, given});
    return tr("{0} cannot be '{1}'", {name, given});
}

// Text before and behind a separator; the whole and nothing without it.
std::pair<std::string, std::string> parted(const std::string& text, std::string_view separator) {
    const auto at = text.find(separator);
    if (at == std::string::npos) return {text, {}};
    return {text.substr(0, at), text.substr(at + separator.size())};
}

// The exceptions carry names in English sentences and nothing else (CLI/Error.hpp).
std::string fault_of_option(CLI::App& command, const CLI::ParseError& failure) {
    const std::string said = failure.what();
    if (dynamic_cast<const CLI::RequiredError*>(&failure) != nullptr)
        return tr("{0} is missing", {named(command, parted(said, " is required").first)});
    if (dynamic_cast<const CLI::ExcludesError*>(&failure) != nullptr) {
        const auto [one, other] = parted(said, " excludes ");
        return tr(
            "{0} and {1} cannot stand together", {named(command, one), named(command, other)}
        );
    }
    if (dynamic_cast<const CLI::RequiresError*>(&failure) != nullptr) {
        const auto [one, other] = parted(said, " requires ");
        return tr("{0} needs {1}", {named(command, one), named(command, other)});
    }
    if (dynamic_cast<const CLI::ConversionError*>(&failure) != nullptr) {
        constexpr std::string_view kHead = "Could not convert: ";
        const auto [name, given] = parted(parted(said, kHead).second, " = ");
        const CLI::Option* option = find_option(&command, name);
        if (option == nullptr || option->get_items_expected_min() == 0)
            return tr("{0} takes no value", {parted(name, ":").first});
        return tr("{0} is a number, not '{1}'", {shown_name(*option), given});
    }
    const auto [name, rest] = parted(said, ": ");
    CLI::Option* option = find_option(&command, name);
    if (option == nullptr) return tr("this cannot be understood ({0})", {said});
    if (dynamic_cast<const CLI::ValidationError*>(&failure) != nullptr)
        return refused_value(*option, rest);
    if (rest.starts_with("At Most")) return tr("{0} may be given once", {shown_name(*option)});
    return tr("{0} needs a value: {1}", {shown_name(*option), value_word(*option)});
}

}  // namespace

std::string usage_fault(CLI::App& app, const CLI::ParseError& failure) {
    CLI::App& command = command_of(app);
    const auto left_over = app.remaining(true);
    const auto option = std::find_if(left_over.begin(), left_over.end(), [](const auto& word) {
        return word.size() > 1 && word.starts_with('-') && word != "--";
    });
    const bool is_required = dynamic_cast<const CLI::RequiredError*>(&failure) != nullptr;
    const bool is_extra = dynamic_cast<const CLI::ExtrasError*>(&failure) != nullptr;
    // What is missing may be what the mistyped option was to be.
    if ((is_required || is_extra) && option != left_over.end())
        return unknown_option(command, *option);
    const bool wants_command = command.get_require_subcommand_min() > 0;
    if (wants_command && (is_required || is_extra)) return missing_command(command, left_over);
    if (is_extra) return tr("'{0}' is one argument too many", {left_over.front()});
    return fault_of_option(command, failure);
}

}  // namespace gateway::cli
