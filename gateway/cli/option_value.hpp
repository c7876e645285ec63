#pragma once
#include <string>
#include <vector>

namespace CLI {
class Option;
}

namespace gateway::cli {

// What stands behind an option, or as an argument: read from the parser's own model, so that help,
// manual, completion and messages cannot differ from what is accepted. The word that help shows for
// the value (tr("FILE") …) says what it is.
struct OptionValue {
    enum class Kind {
        none,  // a flag
        text,
        words,  // one of `words`
        file,
        directory,
        dataset,  // a name that the configuration gives
        source,
        uplink
    };
    Kind kind = Kind::none;
    std::vector<std::string> words;
    std::string from, to;  // bounds of a number; empty without
};

OptionValue value_of(CLI::Option& option);

// What a message of a CLI::IsMember or CLI::Range allows, as a value: `text` is what it says of a
// wrong one.
OptionValue allowed_by(const std::string& text);

// The word for the value of an option, in the chosen language; empty for a flag.
std::string value_word(const CLI::Option& option);

// How help calls the option or the argument: "--into", "FILE".
std::string shown_name(const CLI::Option& option);

}  // namespace gateway::cli
