#pragma once
#include "gateway/cli/setup_answers.hpp"
#include "gateway/cli/setup_profile.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace gateway::cli {

// What the box that is set up tells of itself.
struct SetupSurroundings {
    std::vector<SetupProfile> profiles;
    std::string file;       // the configuration to be written, an absolute path
    std::string directory;  // in which it lies: what it names lies there too
    std::string host_name;
    std::string language;          // that is spoken: "fr" or "en"
    bool is_somebody_here = true;  // who can type a secret
    bool look_at_files = true;     // whether files that an answer names must be there
};

// One question of `passerelle setup`, in the language that is spoken.
struct SetupQuestion {
    struct Choice {
        std::string word;
        std::string meaning;
    };
    enum class Kind {
        text,
        file,         // one that is there
        secret_file,  // the same, or its content is asked for and it is made
        unasked       // has an answer only where somebody gives one unasked
    };
    std::string key;     // in a file of answers
    std::string text{};  // a few words
    std::string hint{};
    std::string preset{};           // what holds where nobody answers
    std::vector<Choice> choices{};  // a closed set; none: any text
    bool may_be_none = false;       // an empty answer leaves out what it is about
    Kind kind = Kind::text;
};

// The words of ways in which devices connect: drivers, and none.
inline constexpr std::string_view kToListener = "mqtt-listener";
inline constexpr std::string_view kToBroker = "mqtt";
inline constexpr std::string_view kToCoap = "coap";
inline constexpr std::string_view kNoWay = "none";

// Every question that the answers so far lead to, in the order in which they are asked. Those of a
// service are there once it is chosen.
std::vector<SetupQuestion> setup_questions(
    const SetupSurroundings& surroundings, const SetupAnswers& answers
);

// What stands for an answer until there is one: the preset, or where there is none but an answer
// is needed, the first choice or any text.
std::string stand_in(const SetupQuestion& question);

// The answers, and what stands for those to every other question that they lead to.
SetupAnswers completed(const SetupSurroundings& surroundings, SetupAnswers answers);

// The profile that is chosen; null if none is.
const SetupProfile* chosen_profile(
    const SetupSurroundings& surroundings, const SetupAnswers& answers
);

}  // namespace gateway::cli
