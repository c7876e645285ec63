#include "gateway/cli/setup_session.hpp"

#include "gateway/cli/configuration.hpp"
#include "gateway/cli/setup_check.hpp"
#include "gateway/cli/setup_page.hpp"
#include "gateway/cli/setup_words.hpp"
#include "gateway/language/failure.hpp"
#include "gateway/language/translate.hpp"
#include "gateway/runtime/wipe.hpp"
#include "gateway/settings/suggestion.hpp"

#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <ostream>
#include <vector>

namespace gateway::cli {
namespace {

using language::tr;
using Kind = SetupQuestion::Kind;

}  // namespace

SetupSession::~SetupSession() {
    for (auto& [path, secret] : secrets_) runtime::wipe(secret);
    for (SetupFile& file : files_) runtime::wipe(file.content);
}

bool SetupSession::answer(const SetupAnswers& given) {
    if (conversation_ != nullptr) conversation_->begin();
    // Each turn answers a question, and no answer takes one away.
    for (;;) {
        const auto questions = setup_questions(around_, answers_);
        const auto next = std::find_if(questions.begin(), questions.end(), [&](const auto& each) {
            return answers_.find(each.key) == answers_.end();
        });
        if (next == questions.end()) break;
        if (!take(*next, given)) return false;
    }
    refuse_unknown(given);
    return !is_refused_;
}

bool SetupSession::take(const SetupQuestion& question, const SetupAnswers& given) {
    const auto said = given.find(question.key);
    std::string value = question.preset;
    if (said != given.end()) {
        value = said->second.value;
    } else if (conversation_ != nullptr && question.kind != Kind::unasked) {
        auto answer = ask(question);
        if (!answer) return give_up();
        value = std::move(*answer);
        if (question.kind == Kind::secret_file && !ask_for_content(value)) return give_up();
    } else if (value.empty() && !question.may_be_none) {
        return fail(
            kExitUsage,
            tr("Nothing says what '{0}' is: give {1}.", {question.key, option_for(question.key)})
        );
    }
    if (const auto fault = fault_of(question, value, around_, answers_)) {
        complain(said != given.end() ? said->second.place : option_for(question.key), *fault);
        are_questions_known_ = are_questions_known_ && question.choices.empty();
        value = stand_in(question);
    }
    answers_[question.key] = {value};
    if (question.key == "language") choose_language();
    return true;
}

std::optional<std::string> SetupSession::ask(const SetupQuestion& question) {
    return conversation_->ask(question, [&](const std::string& value) {
        return fault_of(question, value, around_, answers_);
    });
}

// Where nothing is typed there is to be no such file.
bool SetupSession::ask_for_content(std::string& file) {
    if (file.empty()) return true;
    const std::string path = (std::filesystem::path(around_.directory) / file).string();
    if (::access(path.c_str(), F_OK) == 0) return true;
    auto secret = conversation_->ask_secret(path);
    if (!secret) return false;
    if (secret->empty()) {
        context_.out << "  " << tr("Nothing was typed: it is left out.") << '\n';
        file.clear();
    } else {
        secrets_[path] = *secret;
    }
    runtime::wipe(*secret);
    return true;
}

// From here on the box's language is spoken, unless another one was asked for.
void SetupSession::choose_language() {
    if (!context_.language.empty()) return;
    language::choose(answer_to(answers_, "language"));
    around_.language = spoken_language();
}

void SetupSession::complain(const std::string& place, const SetupFault& fault) {
    context_.err << place << ": " << tr("{0}: {1}", {fault.what, fault.remedy}) << '\n';
    context_.exit_status = kExitConfiguration;
    is_refused_ = true;
}

// What was given and is an answer to nothing. Where a choice was refused nobody knows.
void SetupSession::refuse_unknown(const SetupAnswers& given) {
    if (!are_questions_known_) return;
    std::vector<std::string_view> keys;
    for (const auto& [key, answer] : answers_) keys.push_back(key);
    for (const auto& [key, answer] : given) {
        if (answers_.find(key) != answers_.end()) continue;
        const std::string_view meant = settings::nearest(key, keys);
        complain(
            answer.place,
            {tr("nothing asks for '{0}' with these answers", {key}),
             meant.empty() ? tr("remove it") : tr("did you mean '{0}'?", {meant})}
        );
    }
}

bool SetupSession::write() {
    language::choose(answer_to(answers_, "language"));
    const std::string text = setup_text(around_, answers_);
    if (!context_.language.empty()) language::choose(context_.language);
    if (order_.is_dry_run) {
        context_.out << text;
        return is_usable(text, false);
    }
    const PresentFile present = present_file(around_.file, text);
    if (present == PresentFile::changed && !order_.is_forced && conversation_ == nullptr) {
        return fail(
            kExitNotDone,
            tr("{0} was changed on this box: --force replaces it and keeps a copy, --config FILE "
               "writes another file.",
               {around_.file})
        );
    }
    auto files = files_beside(around_, answers_, secrets_);
    if (!files) {
        return fail(
            kExitNotPlaced,
            tr("The box's certificate cannot be made: {0}",
               {language::failure_words(files.error())})
        );
    }
    files_ = std::move(*files);
    if (conversation_ != nullptr && !agree(text, present)) return give_up();
    if (!place(text, present)) return false;
    context_.out << next_steps(around_, answers_, present);
    return true;
}

bool SetupSession::agree(const std::string& text, PresentFile present) {
    context_.out << '\n'
                 << tr("The configuration:") << "\n\n"
                 << text << '\n'
                 << plan_text(around_, files_, present) << '\n';
    const auto agreed = conversation_->is_agreed(tr("Write this? [y/N]"));
    return agreed.value_or(false);
}

// All of it, or nothing.
bool SetupSession::place(const std::string& text, PresentFile present) {
    PlacedFiles placed(group_of_service(around_.directory));
    const auto refuse = [this](const std::string& path, const boost::system::error_code& why) {
        return fail(
            kExitNotPlaced, tr("{0} cannot be written: {1}", {path, language::failure_words(why)})
        );
    };
    if (const auto made = placed.make_directory(around_.directory); !made)
        return refuse(around_.directory, made.error());
    for (const SetupFile& file : files_) {
        const auto directory = std::filesystem::path(file.path).parent_path().string();
        auto added = placed.make_directory(directory);
        if (added) added = placed.add(file.path, file.content, file.reader);
        if (!added) return refuse(file.path, added.error());
    }
    if (!is_usable(text, true)) return false;
    if (present != PresentFile::same) {
        const auto kept = placed.replace(around_.file, text);
        if (!kept) return refuse(around_.file, kept.error());
        context_.out << tr("{0} is written.", {around_.file}) << '\n';
        if (!kept->empty()) context_.out << tr("What was there is kept as {0}.", {*kept}) << '\n';
    } else {
        context_.out << tr("{0} says this already.", {around_.file}) << '\n';
    }
    placed.keep();
    return true;
}

// As `passerelle check` sees it.
bool SetupSession::is_usable(const std::string& text, bool look_at_files) {
    const auto loaded = settings::load_text(text, around_.file, {.look_at_files = look_at_files});
    write_diagnostics(loaded, context_);
    if (!loaded.settings) context_.exit_status = kExitConfiguration;
    return loaded.settings.has_value();
}

bool SetupSession::give_up() {
    return fail(kExitNotDone, tr("Nothing was written."));
}

bool SetupSession::fail(int status, const std::string& text) {
    context_.err << text << '\n';
    context_.exit_status = status;
    return false;
}

}  // namespace gateway::cli
