#include "gateway/cli/doctor_text.hpp"

#include "gateway/cli/text_table.hpp"
#include "gateway/language/translate.hpp"
#include "gateway/model/message.hpp"

#include <boost/json.hpp>

#include <algorithm>
#include <utility>
#include <vector>

namespace gateway::cli {
namespace {

namespace json = boost::json;
using doctor::Check;
using doctor::Checks;
using doctor::Severity;
using language::fill;
using language::tr;
using language::tr_plural;

constexpr std::size_t kWidth = 80;

unsigned long count_of(const Checks& checks, Severity severity) {
    const auto count = std::count_if(checks.begin(), checks.end(), [&](const Check& check) {
        return check.severity == severity;
    });
    return static_cast<unsigned long>(count);
}

std::string counted(const char* text, unsigned long count) {
    return fill(text, {std::to_string(count)});
}

// Each text as a literal: the catalogue is collected from the sources.
std::string headline(const Checks& checks) {
    const auto failures = count_of(checks, Severity::failure);
    const auto warnings = count_of(checks, Severity::warning);
    const auto notices = count_of(checks, Severity::notice);
    const auto well = count_of(checks, Severity::ok);
    const auto line =
        tr("{0}, {1}, {2}; {3}",
           {counted(tr_plural("{0} failure", "{0} failures", failures), failures),
            counted(tr_plural("{0} warning", "{0} warnings", warnings), warnings),
            counted(tr_plural("{0} notice", "{0} notices", notices), notices),
            counted(tr_plural("{0} check in order", "{0} checks in order", well), well)});
    return line + '\n';
}

const char* label_of(Severity severity) {
    switch (severity) {
        case Severity::failure:
            return model::translatable("FAILURE");
        case Severity::warning:
            return model::translatable("WARNING");
        default:
            return model::translatable("NOTICE");
    }
}

std::string section(const Check& check) {
    std::string text = '\n' + std::string(tr(label_of(check.severity))) + "  " + check.code + '\n';
    text += wrapped("  ", check.finding, kWidth);
    text += wrapped("  " + std::string(tr("Consequence:")) + ' ', check.consequence, kWidth);
    text += wrapped("  " + std::string(tr("What to do:")) + ' ', check.remedy, kWidth);
    return text;
}

void add_once(std::vector<std::string>& words, const std::string& word) {
    if (std::find(words.begin(), words.end(), word) == words.end()) words.push_back(word);
}

std::string joined(const std::vector<std::string>& words) {
    std::string text;
    for (const std::string& word : words) text.append(text.empty() ? "" : ", ").append(word);
    return text;
}

std::string in_order(const Checks& checks) {
    std::vector<std::string> codes;
    for (const Check& check : checks) {
        if (check.severity == Severity::ok) add_once(codes, check.code);
    }
    if (codes.empty()) return {};
    return '\n' + std::string(tr("In order:")) + '\n' + wrapped("  ", joined(codes), kWidth);
}

// The codes behind each reason.
std::string not_looked_at(const Checks& checks) {
    std::vector<std::pair<std::string, std::vector<std::string>>> reasons;
    for (const Check& check : checks) {
        if (check.severity != Severity::skipped) continue;
        auto known = std::find_if(reasons.begin(), reasons.end(), [&](const auto& reason) {
            return reason.first == check.finding;
        });
        if (known == reasons.end())
            known = reasons.insert(reasons.end(), {check.finding, std::vector<std::string>{}});
        add_once(known->second, check.code);
    }
    std::string text;
    for (const auto& [why, codes] : reasons)
        text += wrapped("  - ", why + " (" + joined(codes) + ')', kWidth);
    return text.empty() ? text : '\n' + std::string(tr("Not looked at:")) + '\n' + text;
}

}  // namespace

std::string doctor_text(const Checks& checks) {
    std::string text = headline(checks);
    for (const Check& check : checks) {
        if (check.severity >= Severity::notice) text += section(check);
    }
    return text + in_order(checks) + not_looked_at(checks);
}

std::string doctor_json(const Checks& checks) {
    json::array list;
    for (const Check& check : checks) {
        list.push_back(json::object{
            {"code", check.code},
            {"severity", std::string(to_string(check.severity))},
            {"finding", check.finding},
            {"consequence", check.consequence},
            {"remedy", check.remedy}});
    }
    return json::serialize(json::object{
        {"checks", std::move(list)}, {"worst", std::string(to_string(worst_of(checks)))}});
}

}  // namespace gateway::cli
