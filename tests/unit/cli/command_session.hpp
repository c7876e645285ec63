#pragma once
#include <string>
#include <vector>

namespace tests {

// What one run of `passerelle` with these arguments gave.
struct CommandOutcome {
    int status = 0;
    std::string out;
    std::string err;
};

// Runs a command line in this process, in English unless the arguments say otherwise. Where no
// gateway answers, nobody opens its store.
CommandOutcome run_command(
    const std::vector<std::string>& arguments, const std::string& input = {}
);

}  // namespace tests
