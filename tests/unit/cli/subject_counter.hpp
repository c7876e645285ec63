#pragma once
#include "tests/support/temporary_directory.hpp"
#include "tests/unit/cli/command_session.hpp"

#include <map>
#include <set>
#include <string>
#include <vector>

namespace tests {

// Where a person's rights are asked for: a configuration with the datasets "water" and "air", and a
// gateway that answers as a test says.
class SubjectCounter {
  public:
    SubjectCounter();

    // `passerelle subject WORDS`, with the person's identity on standard input. The gateway says
    // that it runs and then gives these answers of HTTP, as far as it is asked.
    CommandOutcome ask(
        std::vector<std::string> words,
        const std::vector<std::string>& answers,
        const std::string& input = "meter-of-family-benali\n"
    );

    // "path body" of what the last ask() asked, but for whether the gateway runs.
    std::vector<std::string> asked;

    std::string file(std::string_view name) const { return directory.file(name); }
    // The names in a directory; none when it is not there.
    std::set<std::string> files_in(const std::string& name) const;
    unsigned mode_of(const std::string& path) const;

    support::TemporaryDirectory directory;
    std::string configuration;
};

// The body of a request for one dataset of the person's.
std::string request_for(
    const std::string& dataset, const std::map<std::string, std::string>& changed = {}
);

// Answers of the desk.
std::string page(const std::string& lines, unsigned next = 0, bool more = false);
std::string refusal(const std::string& text);

// What an export is answered with that has a reading, a dead letter and a consent in "water", and
// the words in it that are the person's.
std::vector<std::string> answers_of_an_export();
extern const std::vector<std::string> kPersonal;
extern const std::set<std::string> kExported;  // the names of an export's files

bool contains(const std::string& text, const std::string& part);

}  // namespace tests
