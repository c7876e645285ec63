#include "gateway/cli/plain_words.hpp"

#include "gateway/cli/configuration.hpp"
#include "gateway/language/translate.hpp"

#include <algorithm>

namespace gateway::cli {
namespace {

using language::fill;
using language::tr;
using language::tr_plural;

constexpr unsigned long kMinute = 60;
constexpr unsigned long kHour = 60 * kMinute;
constexpr unsigned long kDay = 24 * kHour;

struct PlainRule {
    std::string operator()(const settings::Keep&) const { return tr("is kept as it is"); }
    std::string operator()(const settings::Drop&) const { return tr("is not kept"); }
    std::string operator()(const settings::Pseudonym& rule) const {
        if (rule.is_token) {
            return tr(
                "is replaced by a made-up name, which can be erased so that nobody can tell "
                "any more whose it was"
            );
        }
        if (rule.epoch.count() == 0) return tr("is replaced by a made-up name");
        return tr("is replaced by a made-up name, another one every {0}", {plain_span(rule.epoch)});
    }
    std::string operator()(const settings::Coarsen& rule) const {
        if (rule.first_only) {
            return tr(
                "is kept to within {0} only, and of each only the first measurement",
                {plain_span(rule.step)}
            );
        }
        return tr("is kept to within {0} only", {plain_span(rule.step)});
    }
    std::string operator()(const settings::Grid& rule) const {
        return tr("is kept to within {0} m only", {std::to_string(rule.metres)});
    }
    std::string operator()(const settings::Round& rule) const {
        return tr("is rounded (to {0})", {plain_number(rule.step)});
    }
    std::string operator()(const settings::Bin&) const {
        return tr("is replaced by the range it falls into");
    }
    std::string operator()(const settings::TopCode&) const {
        return tr("is capped, so that a rare value does not stand out");
    }
    std::string operator()(const settings::Network&) const {
        return tr("is cut to the network it belongs to");
    }
    std::string operator()(const settings::Patterns&) const {
        return tr("is kept if it is short, without numbers and addresses");
    }
};

}  // namespace

std::string plain_field(const std::string& name) {
    if (name == "device") return tr("The name of the meter or sensor");
    if (name == "time") return tr("The moment of the measurement");
    if (name == "value") return tr("The result of the measurement");
    if (name == "location") return tr("The place");
    return tr("“{0}”", {name});
}

std::string plain_rule(const settings::Rule& rule) {
    return std::visit(PlainRule{}, rule);
}

std::string plain_number(const model::Decimal& number) {
    std::string text = model::to_string(number);
    if (spoken_language() == "fr") std::replace(text.begin(), text.end(), '.', ',');
    return text;
}

std::string plain_span(settings::seconds span) {
    const auto seconds = static_cast<unsigned long>(span.count());
    const auto in = [seconds](unsigned long unit, const char* words) {
        return fill(words, {std::to_string(seconds / unit)});
    };
    if (seconds % kDay == 0) return in(kDay, tr_plural("{0} day", "{0} days", seconds / kDay));
    if (seconds % kHour == 0) return in(kHour, tr_plural("{0} hour", "{0} hours", seconds / kHour));
    if (seconds % kMinute == 0)
        return in(kMinute, tr_plural("{0} minute", "{0} minutes", seconds / kMinute));
    return in(1, tr_plural("{0} second", "{0} seconds", seconds));
}

}  // namespace gateway::cli
