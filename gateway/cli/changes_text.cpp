#include "gateway/cli/changes_text.hpp"

#include "gateway/language/translate.hpp"

namespace gateway::cli {
namespace {

using language::tr;
using settings::Change;

// As the part is headed in the file.
std::string place_of(const Change& change) {
    if (change.name.empty()) return '[' + change.section + ']';
    return "[[" + change.section + "]] " + change.name;
}

std::string line_of(const Change& change) {
    const std::string place = place_of(change);
    const bool is_shown = !change.before.empty() || !change.now.empty();
    switch (change.kind) {
        case Change::Kind::added:
            if (change.key.empty()) return tr("{0} is new", {place});
            if (is_shown) return tr("{0}: {1} = {2} is new", {place, change.key, change.now});
            return tr("{0}: {1} is new", {place, change.key});
        case Change::Kind::removed:
            if (change.key.empty()) return tr("{0} is gone", {place});
            if (is_shown) return tr("{0}: {1} = {2} is gone", {place, change.key, change.before});
            return tr("{0}: {1} is gone", {place, change.key});
        case Change::Kind::changed:
            break;
    }
    if (!is_shown) return tr("{0}: {1} is another one", {place, change.key});
    return tr("{0}: {1} = {2} instead of {3}", {place, change.key, change.now, change.before});
}

}  // namespace

std::string changes_text(const std::vector<Change>& changes) {
    if (changes.empty()) return std::string(tr("Nothing changes but how it is written.")) + '\n';
    std::string text = std::string(tr("What changes:")) + '\n';
    for (const Change& change : changes) text += "  " + line_of(change) + '\n';
    return text;
}

}  // namespace gateway::cli
