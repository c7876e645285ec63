#include "gateway/cli/setup_answers.hpp"

#include "gateway/language/translate.hpp"
#include "gateway/settings/values.hpp"

#include <variant>

namespace gateway::cli {
namespace {

using language::tr;
using settings::Table;

std::string place_text(const std::string& file, settings::Position at) {
    return file + ':' + std::to_string(at.line) + ':' + std::to_string(at.column);
}

class Reading {
  public:
    Reading(const std::string& file, settings::Diagnostics& diagnostics)
        : file_(file), loading_{diagnostics, {}, false, {}, {}} {}

    void take(const Table& table, const std::string& prefix) {
        for (const settings::Entry& entry : table.entries) {
            const auto* within = std::get_if<Table>(&entry.value.content);
            if (within != nullptr && prefix.empty()) {
                take(*within, entry.key + '.');
                continue;
            }
            const auto* text = settings::as_text(entry.value, tr("a text in quotes"), loading_);
            if (text != nullptr)
                answers_[prefix + entry.key] = {*text, place_text(file_, entry.at)};
        }
    }

    SetupAnswers answers() { return std::move(answers_); }

  private:
    const std::string& file_;
    settings::Loading loading_;
    SetupAnswers answers_;
};

}  // namespace

std::string answer_to(const SetupAnswers& answers, std::string_view key) {
    const auto found = answers.find(key);
    return found == answers.end() ? std::string{} : found->second.value;
}

SetupAnswers read_answers(
    std::string_view text, const std::string& file, std::vector<settings::Diagnostic>& diagnostics
) {
    settings::Diagnostics collected(file);
    Reading reading(file, collected);
    if (const auto document = settings::parse_document(text, collected))
        reading.take(*document, {});
    diagnostics = collected.take();
    return reading.answers();
}

}  // namespace gateway::cli
