#include "gateway/cli/manual_page.hpp"

#include "gateway/cli/command.hpp"
#include "gateway/cli/option_value.hpp"
#include "gateway/cli/roff.hpp"
#include "gateway/language/translate.hpp"
#include "gateway/model/time.hpp"

#include <CLI/CLI.hpp>

#include <algorithm>
#include <vector>

namespace gateway::cli {
namespace {

using language::tr;

// Not the day of the build, so that two builds are the same.
std::string release_date() {
    constexpr std::size_t kDateLength = 10;
    const model::Instant released{std::chrono::seconds{PASSERELLE_RELEASE_TIME}};
    return model::to_rfc3339(released).substr(0, kDateLength);
}

std::string path_of(const CLI::App& command, char separator) {
    if (command.get_parent() == nullptr) return command.get_name();
    return path_of(*command.get_parent(), separator) + separator + command.get_name();
}

std::string section(const char* title) {
    return ".SH " + roff_text(title) + '\n';
}

std::string tagged(const std::string& tag, const std::string& text) {
    return ".TP\n" + tag + '\n' + roff_text(text) + '\n';
}

// NAME holds no sentences: "Écrit tout." becomes "écrit tout".
std::string as_name(std::string text) {
    constexpr unsigned char kLatinLead = 0xC3;
    constexpr unsigned char kCapitalsEnd = 0x9E;
    constexpr char kCase = 0x20;
    if (text.size() < 2) return text;
    if (text.ends_with('.')) text.pop_back();
    if (text[0] >= 'A' && text[0] <= 'Z') text[0] = static_cast<char>(text[0] + kCase);
    const bool is_latin = static_cast<unsigned char>(text[0]) == kLatinLead;
    if (is_latin && static_cast<unsigned char>(text[1]) <= kCapitalsEnd)
        text[1] = static_cast<char>(text[1] + kCase);
    return text;
}

void list_names(CLI::App& command, std::string& names) {
    names += (names.empty() ? "" : ", ") + roff_literal(page_name(command));
    if (command.get_parent() == nullptr) return;
    for (CLI::App* part : command.get_subcommands({})) list_names(*part, names);
}

// Words that may have to be typed are not broken in two.
std::string head(CLI::App& command) {
    std::string title = page_name(command);
    std::transform(title.begin(), title.end(), title.begin(), [](char c) {
        return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
    });
    std::string names;
    list_names(command, names);
    return ".TH \"" + roff_literal(title) + "\" 1 \"" + release_date() +
           "\" \"passerelle " PASSERELLE_VERSION "\" \"" + roff_text(tr("Manual of Passerelle")) +
           "\"\n.nh\n.ad l\n" + section(tr("NAME")) + names + " \\- " +
           roff_text(as_name(command.get_description())) + '\n';
}

std::string option_tag(const CLI::Option& option) {
    std::string tag;
    for (const std::string& name : option.get_snames())
        tag += (tag.empty() ? "" : ", ") + roff_bold('-' + name);
    for (const std::string& name : option.get_lnames())
        tag += (tag.empty() ? "" : ", ") + roff_bold("--" + name);
    if (tag.empty()) return roff_italic(shown_name(option));
    const std::string word = value_word(option);
    return word.empty() ? tag : tag + ' ' + roff_italic(word);
}

std::string joined(const std::vector<std::string>& words) {
    std::string list;
    for (const std::string& word : words) list.append(list.empty() ? "" : ", ").append(word);
    return list;
}

std::string names_of(const std::set<CLI::Option*>& options) {
    std::vector<std::string> names;
    names.reserve(options.size());
    for (const CLI::Option* option : options) names.push_back(shown_name(*option));
    return joined(names);
}

// What --help says of an option, and what the parser knows of it, as sentences.
std::string option_text(CLI::Option& option) {
    std::string text = option.get_description() + '.';
    const OptionValue value = value_of(option);
    if (option.get_required()) text += ' ' + std::string(tr("It must be given."));
    if (!value.words.empty()) text += ' ' + tr("One of: {0}.", {joined(value.words)});
    if (!value.to.empty()) text += ' ' + tr("From {0} to {1}.", {value.from, value.to});
    if (!option.get_default_str().empty())
        text += ' ' + tr("Without it: {0}.", {option.get_default_str()});
    if (!option.get_needs().empty())
        text += ' ' + tr("Together with {0}.", {names_of(option.get_needs())});
    if (!option.get_excludes().empty())
        text += ' ' + tr("Not together with {0}.", {names_of(option.get_excludes())});
    return text;
}

std::string options(CLI::App& command) {
    std::string roff;
    for (const bool positional : {true, false}) {
        for (CLI::Option* option : command.get_options({})) {
            const bool is_hidden = option->get_group().empty();
            if (!is_hidden && option->nonpositional() != positional)
                roff += tagged(option_tag(*option), option_text(*option));
        }
    }
    return roff;
}

std::string synopsis_line(const CLI::App& command) {
    std::string line = roff_bold(path_of(command, ' '));
    line += " [" + roff_italic(tr("OPTIONS")) + ']';
    for (const CLI::Option* option : command.get_options({})) {
        if (option->nonpositional()) continue;
        const std::string name = roff_italic(shown_name(*option));
        line += option->get_required() ? ' ' + name : " [" + name + ']';
    }
    if (command.get_parent() == nullptr) line += ' ' + roff_italic(tr("COMMAND"));
    return line + '\n';
}

// A line for each command that can be run.
std::string synopsis(CLI::App& command) {
    const auto parts = command.get_subcommands({});
    if (command.get_parent() == nullptr || parts.empty()) return synopsis_line(command);
    std::string roff;
    for (CLI::App* part : parts) roff += (roff.empty() ? "" : ".br\n") + synopsis(*part);
    return roff;
}

// The commands within a command, each with its options.
std::string parts(CLI::App& command) {
    std::string roff;
    for (CLI::App* part : command.get_subcommands({})) {
        roff += ".SS \"" + roff_literal(path_of(*part, ' ')) + "\"\n" +
                roff_text(part->get_description() + '.') + '\n' + options(*part) + parts(*part);
    }
    return roff;
}

std::string commands(CLI::App& program) {
    std::string roff = section(tr("COMMANDS"));
    for (CLI::App* command : program.get_subcommands({}))
        roff += tagged(roff_bold(command->get_name()), command->get_description() + '.');
    return roff;
}

std::string exits(const ManualText& text) {
    std::vector<ManualText::Exit> all{{kExitOk, tr("Done.")}};
    for (const auto& exit : text.exits) {
        if (exit.status == kExitOk) all.clear();
    }
    all.insert(all.end(), text.exits.begin(), text.exits.end());
    all.push_back({kExitUsage, tr("The command line is wrong; the message says where.")});
    std::stable_sort(all.begin(), all.end(), [](const auto& one, const auto& other) {
        return one.status < other.status;
    });
    std::string roff = section(tr("EXIT STATUS"));
    for (const auto& exit : all) roff += tagged(roff_bold(std::to_string(exit.status)), exit.text);
    return roff;
}

std::string files(const ManualText& text) {
    if (text.files.empty()) return {};
    std::string roff = section(tr("FILES"));
    for (const auto& file : text.files)
        roff += tagged("\\fI" + roff_literal(file.term) + "\\fR", file.text);
    return roff;
}

std::string examples(const ManualText& text) {
    if (text.examples.empty()) return {};
    std::string roff = section(tr("EXAMPLES"));
    for (const auto& example : text.examples) {
        roff += ".PP\n" + roff_text(example.text) + "\n.PP\n.RS 4\n.EX\n" +
                roff_literal(example.term) + "\n.EE\n.RE\n";
    }
    return roff;
}

std::string see_also(const CLI::App& command, const ManualText& text) {
    std::vector<std::string> pages;
    for (const auto& name : text.see_also) pages.push_back("passerelle-" + name);
    if (command.get_parent() == nullptr) {
        for (const CLI::App* each : command.get_subcommands({})) pages.push_back(page_name(*each));
    } else {
        pages.emplace_back("passerelle");
    }
    std::sort(pages.begin(), pages.end());
    std::string roff;
    for (const auto& page : pages) roff += (roff.empty() ? "" : ",\n") + roff_bold(page) + "(1)";
    return section(tr("SEE ALSO")) + roff + '\n';
}

}  // namespace

std::string page_name(const CLI::App& command) {
    return path_of(command, '-');
}

std::string page_alias(const std::string& page) {
    return ".so man1/" + page + ".1\n";
}

std::string manual_page(CLI::App& command, const ManualTexts& texts) {
    const ManualText text = texts.at(&command)();
    const bool is_program = command.get_parent() == nullptr;
    std::string roff =
        head(command) + section(tr("SYNOPSIS")) + synopsis(command) + section(tr("DESCRIPTION"));
    for (const auto& paragraph : text.description) roff += ".PP\n" + roff_text(paragraph) + '\n';
    if (is_program) roff += commands(command);
    roff += section(tr("OPTIONS")) + options(command);
    if (!is_program && !command.get_subcommands({}).empty())
        roff += section(tr("COMMANDS")) + parts(command);
    return roff + exits(text) + files(text) + examples(text) + see_also(command, text);
}

}  // namespace gateway::cli
