#pragma once
#include "gateway/cli/line_input.hpp"
#include "gateway/cli/setup_check.hpp"
#include "gateway/cli/setup_questions.hpp"

#include <iosfwd>
#include <optional>
#include <string>

namespace gateway::cli {

// Questions and answers at a terminal, a line each. Every answer is nothing once there is nobody
// any more: the input is at its end, a signal came, or the line was no answer too often.
class SetupConversation {
  public:
    static constexpr int kAttemptsMax = 20;

    SetupConversation(LineInput& input, std::ostream& out) : input_(input), out_(out) {}

    void begin();

    // Asks until `check` finds nothing wrong; Enter takes the preset, "-" leaves out what may be.
    template <class Check>
    std::optional<std::string> ask(const SetupQuestion& question, Check check) {
        show(question);
        for (int attempt = 0; attempt < kAttemptsMax; ++attempt) {
            auto value = read_answer(question);
            if (!value) return std::nullopt;
            const std::optional<SetupFault> fault = check(*value);
            if (!fault) return value;
            show(*fault);
        }
        return std::nullopt;
    }

    // What is to be in a file, without showing it; empty: nothing. To be wiped by the caller.
    std::optional<std::string> ask_secret(const std::string& file);

    std::optional<bool> is_agreed(const std::string& question);

  private:
    void show(const SetupQuestion& question);
    void show(const SetupFault& fault);
    std::optional<std::string> read_answer(const SetupQuestion& question);
    std::optional<std::string> read_line();

    LineInput& input_;
    std::ostream& out_;
};

}  // namespace gateway::cli
