#include "gateway/cli/setup_conversation.hpp"

#include "gateway/cli/text_table.hpp"
#include "gateway/language/translate.hpp"

#include <termios.h>
#include <unistd.h>

#include <algorithm>
#include <cctype>
#include <ostream>

namespace gateway::cli {
namespace {

using language::tr;

constexpr std::size_t kColumns = 80;
constexpr const char* kNothing = "-";

// While it is there, the terminal does not show what is typed, and no key stops or ends the process
// in that state but Ctrl-C, which is ours.
class WithoutEcho {
  public:
    WithoutEcho() {
        if (::tcgetattr(STDIN_FILENO, &before_) != 0) return;
        termios now = before_;
        now.c_lflag &= ~static_cast<tcflag_t>(ECHO);
        now.c_cc[VQUIT] = _POSIX_VDISABLE;
        now.c_cc[VSUSP] = _POSIX_VDISABLE;
        is_changed_ = ::tcsetattr(STDIN_FILENO, TCSAFLUSH, &now) == 0;
    }
    ~WithoutEcho() {
        if (is_changed_) ::tcsetattr(STDIN_FILENO, TCSADRAIN, &before_);
    }
    WithoutEcho(const WithoutEcho&) = delete;
    WithoutEcho& operator=(const WithoutEcho&) = delete;

  private:
    termios before_{};
    bool is_changed_ = false;
};

std::string without_blanks(std::string text) {
    const auto is_blank = [](char c) { return std::isspace(static_cast<unsigned char>(c)) != 0; };
    text.erase(text.begin(), std::find_if_not(text.begin(), text.end(), is_blank));
    text.erase(std::find_if_not(text.rbegin(), text.rend(), is_blank).base(), text.end());
    return text;
}

// A choice may be given by its number.
std::string chosen(const SetupQuestion& question, const std::string& answer) {
    for (std::size_t i = 0; i < question.choices.size(); ++i) {
        if (answer == std::to_string(i + 1)) return question.choices[i].word;
    }
    return answer;
}

}  // namespace

void SetupConversation::begin() {
    out_ << tr("First configuration of this box") << "\n\n"
         << wrapped(
                "",
                tr("Enter takes the answer in brackets, - leaves out what may be left out. Nothing "
                   "is written before the end, and then only if you agree; Ctrl-C ends at any "
                   "moment."),
                kColumns
            );
}

std::optional<std::string> SetupConversation::ask_secret(const std::string& file) {
    const WithoutEcho quiet;
    out_ << wrapped(
                "  ",
                tr("{0} is not there: what is to be in it? What you type is not shown.", {file}),
                kColumns
            )
         << "  > " << std::flush;
    auto secret = read_line();
    out_ << '\n';
    return secret;
}

std::optional<bool> SetupConversation::is_agreed(const std::string& question) {
    out_ << question << ' ' << std::flush;
    const auto answer = read_line();
    if (!answer) return std::nullopt;
    return *answer == "y" || *answer == "Y" || *answer == tr("y");
}

void SetupConversation::show(const SetupQuestion& question) {
    out_ << '\n' << wrapped("", question.text, kColumns);
    if (!question.hint.empty()) out_ << wrapped("  ", question.hint, kColumns);
    std::size_t width = 0;
    for (const auto& choice : question.choices) width = std::max(width, choice.word.size());
    for (std::size_t i = 0; i < question.choices.size(); ++i) {
        const auto& [word, meaning] = question.choices[i];
        std::string lead = "  " + std::to_string(i + 1);
        lead.append(") ").append(word).append(width - word.size() + 2, ' ');
        out_ << wrapped(lead, meaning, kColumns);
    }
}

void SetupConversation::show(const SetupFault& fault) {
    out_ << wrapped("  ", tr("{0}: {1}", {fault.what, fault.remedy}), kColumns);
}

std::optional<std::string> SetupConversation::read_answer(const SetupQuestion& question) {
    if (!question.preset.empty()) {
        out_ << "  [" << question.preset << "] > ";
    } else if (question.may_be_none) {
        out_ << "  [" << kNothing << "] > ";
    } else {
        out_ << "  > ";
    }
    out_ << std::flush;
    const auto line = read_line();
    if (!line) return std::nullopt;
    if (line->empty()) return question.preset;
    if (*line == kNothing && question.may_be_none) return std::string{};
    return chosen(question, *line);
}

std::optional<std::string> SetupConversation::read_line() {
    const auto next = input_.next();
    if (next == LineInput::Next::line) return without_blanks(input_.line());
    if (next == LineInput::Next::too_long) return std::string{};
    out_ << '\n';
    return std::nullopt;
}

}  // namespace gateway::cli
