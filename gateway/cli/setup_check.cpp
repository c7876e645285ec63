#include "gateway/cli/setup_check.hpp"

#include "gateway/cli/setup_page.hpp"
#include "gateway/language/translate.hpp"
#include "gateway/settings/address.hpp"
#include "gateway/settings/loader.hpp"

#include <unistd.h>

#include <algorithm>
#include <filesystem>

namespace gateway::cli {
namespace {

using language::tr;
using Kind = SetupQuestion::Kind;

constexpr std::string_view kConnect = "connect.";

std::optional<SetupFault> choice_fault(const SetupQuestion& question, const std::string& value) {
    std::string words;
    for (const auto& choice : question.choices) {
        if (choice.word == value) return std::nullopt;
        words.append(words.empty() ? "\"" : ", \"").append(choice.word).append(1, '"');
    }
    return SetupFault{
        tr("'{0}' cannot be \"{1}\"", {question.key, value}), tr("write one of {0}", {words})};
}

std::optional<SetupFault> file_fault(const SetupSurroundings& around, const std::string& value) {
    const auto path = std::filesystem::path(around.directory) / value;
    if (::access(path.c_str(), R_OK) == 0) return std::nullopt;
    return SetupFault{
        tr("the file {0} cannot be read", {path.string()}),
        tr("put it there, readable by the user that runs passerelle, or correct the path")};
}

std::optional<SetupFault> host_fault(const std::string& value) {
    if (settings::is_host(value)) return std::nullopt;
    return SetupFault{
        tr("\"{0}\" is not the name of a machine", {value}),
        tr("write the name alone, without \"http://\" and without a port, such as "
           "\"passerelle.example.org\"")};
}

// Whether it is said of every source that it has no devices.
bool is_without_devices(const SetupSurroundings& around, const SetupAnswers& answers) {
    const auto questions = setup_questions(around, answers);
    return std::all_of(questions.begin(), questions.end(), [&](const SetupQuestion& question) {
        return !question.key.starts_with(kConnect) || answer_to(answers, question.key) == kNoWay;
    });
}

std::string_view line_of(std::string_view text, std::uint32_t number) {
    for (; number > 1; --number) text.remove_prefix(std::min(text.find('\n'), text.size() - 1) + 1);
    return text.substr(0, text.find('\n'));
}

// What the check of the whole configuration says of the line with this value; or of any other,
// since what one line lacks may be missed in another.
std::optional<SetupFault> configuration_fault(
    const SetupSurroundings& around, const SetupAnswers& answers, const std::string& value
) {
    const std::string text = setup_text(around, answers);
    auto loaded = settings::load_text(text, around.file, {.look_at_files = false});
    if (loaded.settings) return std::nullopt;
    auto& said = loaded.diagnostics;
    std::erase_if(said, [](const auto& each) {
        return each.severity != settings::Severity::error;
    });
    const auto here = std::find_if(said.begin(), said.end(), [&](const auto& each) {
        return line_of(text, each.at.line).find(value) != std::string_view::npos;
    });
    const auto& chosen = here != said.end() ? *here : said.front();
    return SetupFault{chosen.what, chosen.remedy};
}

}  // namespace

std::optional<SetupFault> fault_of(
    const SetupQuestion& question,
    const std::string& value,
    const SetupSurroundings& surroundings,
    SetupAnswers answers
) {
    if (value.empty()) {
        if (question.may_be_none) return std::nullopt;
        return SetupFault{tr("'{0}' is empty", {question.key}), tr("an answer is needed")};
    }
    if (!question.choices.empty()) {
        if (auto fault = choice_fault(question, value)) return fault;
    }
    const bool is_typed_in = question.kind == Kind::secret_file && surroundings.is_somebody_here;
    const bool is_there = question.kind == Kind::file || question.kind == Kind::secret_file;
    if (is_there && !is_typed_in && surroundings.look_at_files) {
        if (auto fault = file_fault(surroundings, value)) return fault;
    }
    if (question.key == "host") return host_fault(value);
    answers[question.key] = {value};
    if (question.key.starts_with(kConnect) && is_without_devices(surroundings, answers)) {
        return SetupFault{
            tr("nothing would be received: no source has devices"),
            tr("let the devices of one of them connect")};
    }
    return configuration_fault(surroundings, completed(surroundings, std::move(answers)), value);
}

}  // namespace gateway::cli
