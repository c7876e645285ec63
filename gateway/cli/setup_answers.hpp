#pragma once
#include "gateway/settings/diagnostic.hpp"

#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace gateway::cli {

// What somebody said to a question of `passerelle setup`; empty: nothing is to be written for it.
struct SetupAnswer {
    std::string value;
    std::string place{};  // "answers.toml:3:1" or "--id"; empty where it was asked for
};

// By the question's key: "id", "connect.water-meters".
using SetupAnswers = std::map<std::string, SetupAnswer, std::less<>>;

// The value, empty without an answer.
std::string answer_to(const SetupAnswers& answers, std::string_view key);

// Takes the answers of a text: keys and texts, those of tables as "table.key". What is no answer
// becomes a diagnostic; whether there is such a question is not known here.
SetupAnswers read_answers(
    std::string_view text, const std::string& file, std::vector<settings::Diagnostic>& diagnostics
);

}  // namespace gateway::cli
