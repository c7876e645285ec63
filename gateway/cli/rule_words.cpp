#include "gateway/cli/rule_words.hpp"

#include "gateway/cli/plain_words.hpp"
#include "gateway/language/translate.hpp"
#include "gateway/settings/rule_text.hpp"
#include "gateway/status/words.hpp"

namespace gateway::cli {
namespace {

using language::tr;

std::string span_words(settings::seconds span) {
    return status::duration_words(span.count());
}

std::string edges_words(const settings::Bin& rule) {
    std::string text;
    for (const auto& edge : rule.edges) {
        if (!text.empty()) text += ' ';
        text += plain_number(edge);
    }
    return text;
}

std::string bounds_words(const settings::TopCode& rule) {
    if (!rule.min) return tr("at most {0}", {plain_number(*rule.max)});
    if (!rule.max) return tr("at least {0}", {plain_number(*rule.min)});
    return tr("{0} to {1}", {plain_number(*rule.min), plain_number(*rule.max)});
}

const char* form_words(settings::Form form) {
    using settings::Form;
    switch (form) {
        case Form::as_sent:
            break;
        case Form::ip:
            return tr("an Internet address");
        case Form::mac:
            return tr("a hardware address");
        case Form::phone:
            return tr("a telephone number");
        case Form::email:
            return tr("an e-mail address");
        case Form::iban:
            return tr("a bank account");
        case Form::name:
            return tr("a person's name");
    }
    return "";
}

struct Sentence {
    std::string operator()(const settings::Keep&) const { return tr("stays as it is"); }
    std::string operator()(const settings::Drop&) const {
        return tr("is removed before anything is stored");
    }
    std::string operator()(const settings::Pseudonym& rule) const {
        std::string name =
            rule.is_token
                ? std::string{tr("becomes a random name, which an erasure makes nobody's")}
            : rule.epoch.count() == 0
                ? std::string{tr("becomes a name that only the key of this dataset can make")}
                : tr("becomes a name that only the key of this dataset can make, and another one "
                     "every {0}",
                     {span_words(rule.epoch)});
        if (rule.form == settings::Form::as_sent) return name;
        return tr("is read as {0}, whatever its spelling, and {1}", {form_words(rule.form), name});
    }
    std::string operator()(const settings::Coarsen& rule) const {
        if (rule.first_only) {
            return tr(
                "becomes the start of the {0} it falls into; of a device, only the first reading "
                "of each is kept",
                {span_words(rule.step)}
            );
        }
        return tr("becomes the start of the {0} it falls into", {span_words(rule.step)});
    }
    std::string operator()(const settings::Grid& rule) const {
        return tr(
            "becomes the corner of a cell of {0} m that everybody in it shares",
            {std::to_string(rule.metres)}
        );
    }
    std::string operator()(const settings::Round& rule) const {
        return tr("becomes the nearest multiple of {0}", {plain_number(rule.step)});
    }
    std::string operator()(const settings::Bin& rule) const {
        return tr("becomes the lower edge of its bin: {0}", {edges_words(rule)});
    }
    std::string operator()(const settings::TopCode& rule) const {
        return tr(
            "is cut to its bounds, {0}, so that a rare value is not told", {bounds_words(rule)}
        );
    }
    std::string operator()(const settings::Network& rule) const {
        return tr(
            "becomes the network of the address, /{0} or /{1}",
            {std::to_string(rule.v4_bits), std::to_string(rule.v6_bits)}
        );
    }
    std::string operator()(const settings::Patterns&) const {
        return tr("passes if it is short, without what has the shape of a number or an address");
    }
};

struct Outcome {
    std::string operator()(const settings::Keep&) const { return tr("kept"); }
    std::string operator()(const settings::Drop&) const { return tr("dropped"); }
    std::string operator()(const settings::Pseudonym& rule) const {
        std::string words = rule.is_token ? std::string{tr("random name, erasable")}
                            : rule.epoch.count() == 0
                                ? std::string{tr("pseudonym for ever")}
                                : tr("pseudonym, new every {0}", {span_words(rule.epoch)});
        if (rule.form == settings::Form::as_sent) return words;
        return words.append(" (").append(settings::to_string(rule.form)).append(")");
    }
    std::string operator()(const settings::Coarsen& rule) const {
        if (rule.first_only) return tr("one reading each {0}", {span_words(rule.step)});
        return tr("coarsened to {0}", {span_words(rule.step)});
    }
    std::string operator()(const settings::Grid& rule) const {
        return tr("cell of {0} m", {std::to_string(rule.metres)});
    }
    std::string operator()(const settings::Round& rule) const {
        return tr("rounded to {0}", {plain_number(rule.step)});
    }
    std::string operator()(const settings::Bin& rule) const {
        return tr("in bins: {0}", {edges_words(rule)});
    }
    std::string operator()(const settings::TopCode& rule) const {
        return tr("cut: {0}", {bounds_words(rule)});
    }
    std::string operator()(const settings::Network& rule) const {
        return tr(
            "network /{0} or /{1}", {std::to_string(rule.v4_bits), std::to_string(rule.v6_bits)}
        );
    }
    std::string operator()(const settings::Patterns&) const {
        return tr("short, without patterns");
    }
};

}  // namespace

std::string rule_sentence(const settings::Rule& rule) {
    return std::visit(Sentence{}, rule);
}

std::string rule_outcome(const settings::Rule& rule) {
    return std::visit(Outcome{}, rule);
}

}  // namespace gateway::cli
