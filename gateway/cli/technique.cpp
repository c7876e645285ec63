#include "gateway/cli/technique.hpp"

#include "gateway/language/translate.hpp"
#include "gateway/model/message.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace gateway::cli {
namespace {

using language::tr;
using model::translatable;

constexpr std::string_view kNone = "none";
constexpr std::string_view kSuppression = "suppression";
constexpr std::string_view kPseudonymisation = "pseudonymisation";
constexpr std::string_view kGeneralisation = "generalisation";
constexpr std::string_view kStatistical = "statistical";
constexpr std::string_view kRandomisation = "randomisation";

struct Technique {
    std::string_view operator()(const settings::Keep&) const { return kNone; }
    std::string_view operator()(const settings::Drop&) const { return kSuppression; }
    std::string_view operator()(const settings::Pseudonym&) const { return kPseudonymisation; }
    std::string_view operator()(const settings::Coarsen&) const { return kGeneralisation; }
    std::string_view operator()(const settings::Grid&) const { return kGeneralisation; }
    std::string_view operator()(const settings::Round&) const { return kGeneralisation; }
    std::string_view operator()(const settings::Bin&) const { return kGeneralisation; }
    std::string_view operator()(const settings::TopCode&) const { return kGeneralisation; }
    std::string_view operator()(const settings::Network&) const { return kGeneralisation; }
    std::string_view operator()(const settings::Patterns&) const { return kSuppression; }
};

constexpr std::array kWords = {
    std::pair{kNone, translatable("none")},
    std::pair{kSuppression, translatable("suppression")},
    std::pair{kPseudonymisation, translatable("pseudonymisation")},
    std::pair{kGeneralisation, translatable("generalisation")},
    std::pair{kStatistical, translatable("aggregation")},
    std::pair{kRandomisation, translatable("randomisation")}};

}  // namespace

std::string_view technique(const settings::Rule& rule) {
    return std::visit(Technique{}, rule);
}

std::string_view technique(const settings::Sum& sum) {
    return std::holds_alternative<settings::Noise>(sum.protection) ? kRandomisation : kStatistical;
}

const char* technique_words(std::string_view technique) {
    const auto known = std::find_if(kWords.begin(), kWords.end(), [technique](const auto& words) {
        return words.first == technique;
    });
    return known != kWords.end() ? tr(known->second) : "";
}

}  // namespace gateway::cli
