#pragma once
#include <map>
#include <string>
#include <vector>

namespace CLI {
class App;
}

namespace gateway::cli {

// What the manual page of a command says beyond its --help, in the chosen language. It stands
// beside the command, which puts a function that makes it into CommandContext::manual; a command of
// the program without one fails `passerelle manual`.
struct ManualText {
    struct Exit {
        int status = 0;
        std::string text;
    };
    struct Entry {
        std::string term;  // a path, or a line as it is typed
        std::string text;
    };
    std::vector<std::string> description{};  // paragraphs
    std::vector<Exit> exits{};               // its own; 0 and those of every command are added
    std::vector<Entry> files{};
    std::vector<Entry> examples{};
    std::vector<std::string> see_also{};  // commands: "status"
};

// Made when a page is: a command that runs pays nothing for it.
using ManualTexts = std::map<const CLI::App*, ManualText (*)()>;

}  // namespace gateway::cli
