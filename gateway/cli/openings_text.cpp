#include "gateway/cli/openings_text.hpp"

#include "gateway/language/translate.hpp"

namespace gateway::cli {
namespace {

using language::tr;

using settings::Opening;
using Kind = Opening::Kind;

std::string line_of_gateway(const Opening& opening) {
    if (opening.kind == Kind::officer)
        return tr("who has the private key of {0} can read what is refused", {opening.now});
    if (opening.kind == Kind::key_protection) {
        return tr(
            "the keys are less protected: keys = \"{0}\" instead of \"{1}\"",
            {opening.now, opening.before}
        );
    }
    return opening.now.empty() ? tr("the key that what opens more must be signed with is gone")
                               : tr("another key signs what opens more: {0}", {opening.now});
}

std::string line_of_end(const Opening& opening) {
    return opening.now.empty()
               ? tr("{0}: {1} gets it without an end; before: until {2}",
                    {opening.dataset, opening.subject, opening.before})
               : tr("{0}: {1} gets it for longer, until {2}; before: until {3}",
                    {opening.dataset, opening.subject, opening.now, opening.before});
}

// What there was nothing of before has no `before`.
std::string line_of_sum(const Opening& opening) {
    return opening.before.empty()
               ? tr("{0}: a new sum, {1} ({2})", {opening.dataset, opening.subject, opening.now})
               : tr("{0}: the sum {1} may tell more: {2}; before: {3}",
                    {opening.dataset, opening.subject, opening.now, opening.before});
}

// Of an uplink that took the dataset before.
std::string line_of_recipient(const Opening& opening) {
    if (opening.kind == Kind::term) return line_of_end(opening);
    if (opening.kind == Kind::contract) {
        return tr(
            "{0}: '{1}' may tell {2} more: {3}; before: {4}",
            {opening.dataset, opening.field, opening.subject, opening.now, opening.before}
        );
    }
    if (opening.kind == Kind::domain) {
        return tr(
            "{0}: {1} carries the pseudonyms of {2} instead of those of {3}",
            {opening.dataset, opening.subject, opening.now, opening.before}
        );
    }
    return tr(
        "{0}: {1} takes it to another country, {2}", {opening.dataset, opening.subject, opening.now}
    );
}

std::string line_of(const Opening& opening) {
    switch (opening.kind) {
        case Kind::dataset:
            return tr("{0}: a new dataset", {opening.dataset});
        case Kind::field:
            break;
        case Kind::recipient:
            return tr(
                "{0}: a new recipient, {1} ({2})", {opening.dataset, opening.subject, opening.now}
            );
        case Kind::retention:
            return tr(
                "{0}: kept longer, {1} instead of {2}",
                {opening.dataset, opening.now, opening.before}
            );
        case Kind::mapping:
            return tr(
                "{0}: '{1}' is taken from another place of the message, {2}",
                {opening.dataset, opening.subject, opening.now}
            );
        case Kind::consent:
            return tr(
                "{0}: the consents are no longer named ({1})", {opening.dataset, opening.before}
            );
        case Kind::sum:
            return line_of_sum(opening);
        case Kind::contract:
        case Kind::domain:
        case Kind::country:
        case Kind::term:
            return line_of_recipient(opening);
        case Kind::loosening_key:
        case Kind::key_protection:
        case Kind::officer:
            return line_of_gateway(opening);
    }
    return tr(
        "{0}: '{1}' may tell more: {2}; before: {3}",
        {opening.dataset, opening.subject, opening.now, opening.before}
    );
}

}  // namespace

std::string openings_text(
    const std::vector<settings::Opening>& openings, const std::string& before
) {
    if (openings.empty()) return tr("Nothing is more open than in {0}.", {before}) + '\n';
    std::string text = tr("More open than in {0}:", {before}) + '\n';
    for (const auto& opening : openings) text += "  " + line_of(opening) + '\n';
    return text;
}

}  // namespace gateway::cli
