#pragma once
#include "gateway/cli/command.hpp"
#include "gateway/cli/setup_conversation.hpp"
#include "gateway/cli/setup_files.hpp"
#include "gateway/cli/setup_questions.hpp"

#include <optional>
#include <string>

namespace gateway::cli {

inline constexpr int kExitNotPlaced = 74;  // a file cannot be written; nothing was changed

struct SetupOrder {
    bool is_dry_run = false;  // shows the configuration and writes nothing
    bool is_agreed = false;   // nobody is asked
    bool is_forced = false;   // replaces a configuration that somebody changed
};

// One first configuration of a box, from the answers that are given to what is on the disk. Says on
// `context` what is wrong and sets its exit status.
class SetupSession {
  public:
    // `conversation` is null where nobody is there to be asked.
    SetupSession(
        SetupSurroundings surroundings,
        SetupOrder order,
        SetupConversation* conversation,
        CommandContext& context
    )
        : around_(std::move(surroundings)),
          order_(order),
          conversation_(conversation),
          context_(context) {}
    ~SetupSession();
    SetupSession(const SetupSession&) = delete;
    SetupSession& operator=(const SetupSession&) = delete;

    // Each of its steps must have succeeded before the next. False: the exit status says why not.
    bool answer(const SetupAnswers& given);
    bool write();

  private:
    bool take(const SetupQuestion& question, const SetupAnswers& given);
    std::optional<std::string> ask(const SetupQuestion& question);
    bool ask_for_content(std::string& file);
    void choose_language();
    void complain(const std::string& place, const SetupFault& fault);
    void refuse_unknown(const SetupAnswers& given);
    bool agree(const std::string& text, PresentFile present);
    bool place(const std::string& text, PresentFile present);
    bool is_usable(const std::string& text, bool look_at_files);
    bool give_up();
    bool fail(int status, const std::string& text);

    SetupSurroundings around_;
    SetupOrder order_;
    SetupConversation* conversation_;
    CommandContext& context_;
    SetupAnswers answers_;
    SetupSecrets secrets_;
    std::vector<SetupFile> files_;
    bool is_refused_ = false;          // something was wrong with the answers that were given
    bool are_questions_known_ = true;  // every choice was one
};

}  // namespace gateway::cli
