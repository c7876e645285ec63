#include "gateway/cli/completion_script.hpp"

#include "gateway/cli/option_value.hpp"

#include <CLI/CLI.hpp>

#include <string_view>
#include <vector>

namespace gateway::cli {
namespace {

using Kind = OptionValue::Kind;

// What reads the tables. A name out of a configuration is never expanded by the shell.
constexpr std::string_view kFunction = R"bash(
# Adds those of the words that begin with the first one.
_passerelle_offer() {
    local begun=$1 word
    shift
    for word; do
        [[ $word != "$begun"* ]] || COMPREPLY+=("$word")
    done
}

# Adds the names that the configuration gives to datasets, sources or uplinks.
_passerelle_offer_names() {
    local program=$1 what=$2 configuration=$3 begun=$4 names
    configuration=${configuration/#"~/"/"$HOME/"}
    mapfile -t names < <("$program" completion "$what" ${configuration:+-c "$configuration"} \
        2>/dev/null </dev/null)
    _passerelle_offer "$begun" "${names[@]}"
}

_passerelle() {
    local program=$1 begun=$2 place='' option='' configuration='' argument=1 ended='' i word
    local commands options value words
    COMPREPLY=()
    [[ $begun != '=' ]] || begun=''
    _passerelle_place ''
    for ((i = 1; i < COMP_CWORD; i++)); do
        word=${COMP_WORDS[i]}
        case $word in
            '=' | ':')
                # bash splits --option=value, and values with a colon
                [[ ! $option ]] || continue
                ((++i < COMP_CWORD)) || return 0
                continue
                ;;
        esac
        if [[ $option ]]; then
            [[ $option != -c && $option != --config ]] || configuration=$word
            option=''
        elif [[ ! $ended && $word == -- ]]; then
            ended=1
        elif [[ ! $ended && $word == -* ]]; then
            _passerelle_value "$place $word"
            [[ ! $value ]] || option=$word
        elif [[ " $commands " == *" $word "* ]]; then
            place="${place:+$place }$word"
            argument=1
            _passerelle_place "$place"
        else
            ((argument++))
        fi
    done
    if [[ $option ]]; then
        _passerelle_value "$place $option"
    elif [[ $begun == -* && ! $ended ]]; then
        value="words $options"
    elif [[ $commands ]]; then
        value="words $commands"
    else
        _passerelle_value "$place $argument"
        [[ $value || $ended || $argument -gt 1 || $begun ]] || value="words $options"
    fi
    case $value in
        file | directory)
            [[ $value == file ]] && i=-f || i=-d
            mapfile -t COMPREPLY < <(compgen "$i" -- "$begun")
            compopt -o filenames 2>/dev/null
            ;;
        words\ *)
            read -ra words <<<"${value#words }"
            _passerelle_offer "$begun" "${words[@]}"
            ;;
        datasets | sources | uplinks)
            _passerelle_offer_names "$program" "$value" "$configuration" "$begun"
            ;;
    esac
    return 0
}

complete -F _passerelle passerelle
)bash";

// A line of the table of values: nothing for a flag, "text" for what nobody can guess.
std::string value_line(const OptionValue& value) {
    switch (value.kind) {
        case Kind::none:
            return {};
        case Kind::text:
            return "text";
        case Kind::file:
            return "file";
        case Kind::directory:
            return "directory";
        case Kind::dataset:
            return "datasets";
        case Kind::source:
            return "sources";
        case Kind::uplink:
            return "uplinks";
        case Kind::words:
            break;
    }
    std::string line = "words";
    for (const std::string& word : value.words) line += ' ' + word;
    return line;
}

std::vector<std::string> names_of(const CLI::Option& option) {
    std::vector<std::string> names;
    for (const std::string& name : option.get_snames()) names.push_back('-' + name);
    for (const std::string& name : option.get_lnames()) names.push_back("--" + name);
    return names;
}

class Tables {
  public:
    explicit Tables(CLI::App& program) {
        // The program's options may stand behind every command.
        for (CLI::Option* option : program.get_options({})) {
            if (option == program.get_help_ptr() || option == program.get_version_ptr()) continue;
            for (const std::string& name : names_of(*option)) everywhere_ += name + ' ';
            add_values("*", *option);
        }
        add(program, "");
    }

    std::string text() const {
        return "# Completion of passerelle for bash, as `passerelle completion bash` writes it.\n\n"
               "# The commands and options that may follow a command.\n"
               "_passerelle_place() {\n    commands='' options=''\n    case $1 in\n" +
               places_ +
               "    esac\n}\n\n"
               "# What stands behind an option, or as the nth argument: a kind, or the words.\n"
               "_passerelle_value() {\n    value=''\n    case $1 in\n" +
               values_ + "    esac\n}\n";
    }

  private:
    void add(CLI::App& command, const std::string& place) {
        std::string commands;
        for (CLI::App* part : command.get_subcommands({}))
            commands += (commands.empty() ? "" : " ") + part->get_name();
        std::string options = everywhere_;
        int arguments = 0;
        for (CLI::Option* option : command.get_options({})) {
            if (option->get_group().empty()) continue;
            if (option->get_positional())
                add_value(place + ' ' + std::to_string(++arguments), value_of(*option));
            for (const std::string& name : names_of(*option)) {
                if (everywhere_.find(' ' + name + ' ') == std::string::npos) options += name + ' ';
            }
            if (command.get_parent() != nullptr) add_values(place, *option);
        }
        places_ += "        '" + place + "') commands='" + commands + "' options='" +
                   options.substr(1, options.size() - 2) + "' ;;\n";
        for (CLI::App* part : command.get_subcommands({}))
            add(*part, (place.empty() ? "" : place + ' ') + part->get_name());
    }

    void add_values(const std::string& place, CLI::Option& option) {
        const OptionValue value = value_of(option);
        for (const std::string& name : names_of(option)) {
            std::string pattern = place;
            pattern.append(" ").append(name);
            add_value(pattern, value);
        }
    }

    void add_value(const std::string& pattern, const OptionValue& value) {
        const std::string line = value_line(value);
        if (line.empty()) return;
        const std::string quoted =
            pattern.starts_with('*') ? "*'" + pattern.substr(1) + "'" : "'" + pattern + "'";
        values_ += "        " + quoted + ") value='" + line + "' ;;\n";
    }

    std::string everywhere_ = " ";  // each behind a blank and before one
    std::string places_;
    std::string values_;
};

}  // namespace

std::string completion_script(CLI::App& program) {
    return Tables(program).text() + std::string(kFunction);
}

}  // namespace gateway::cli
