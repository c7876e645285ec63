#include "gateway/settings/table_reader.hpp"

#include "gateway/language/translate.hpp"
#include "gateway/settings/suggestion.hpp"

#include <algorithm>

namespace gateway::settings {

using language::tr;

const Value* TableReader::take(std::string_view name, Presence presence, bool is_table) {
    known_.push_back(name);
    const Value* value = table_.find(name);
    if (value == nullptr && presence == Presence::required) {
        loading_.diagnostics.error(
            at_,
            tr("'{0}' is missing in {1}", {name, title_}),
            is_table ? tr("add [{0}] and its keys below", {name}) : tr("add {0} = …", {name})
        );
    }
    return value;
}

void TableReader::know_elsewhere(std::string_view name, std::string_view where) {
    elsewhere_.push_back({name, where});
}

void TableReader::reject_the_rest() {
    for (const Entry& entry : table_.entries) {
        if (std::find(known_.begin(), known_.end(), entry.key) != known_.end()) continue;
        loading_.diagnostics.error(
            entry.at, tr("'{0}' is not a key of {1}", {entry.key, title_}), remedy_for(entry.key)
        );
    }
}

std::string TableReader::remedy_for(std::string_view unknown) const {
    const auto elsewhere =
        std::find_if(elsewhere_.begin(), elsewhere_.end(), [unknown](const Elsewhere& candidate) {
            return candidate.name == unknown;
        });
    if (elsewhere != elsewhere_.end())
        return tr("it belongs to {0}: remove it here", {elsewhere->where});
    const std::string_view meant = nearest(unknown, known_);
    if (!meant.empty()) return tr("did you mean '{0}'?", {meant});
    std::string all;
    for (const std::string_view name : known_) {
        if (!all.empty()) all += ", ";
        all += name;
    }
    return tr("remove it, or write one of: {0}", {all});
}

const Table* as_table(const Value& value, Loading& loading) {
    const auto* table = std::get_if<Table>(&value.content);
    if (table == nullptr) {
        loading.diagnostics.error(
            value.at,
            tr("'{0}' must be a table", {value.key}),
            tr("write [{0}] on a line of its own and its keys below", {value.key})
        );
    }
    return table;
}

}  // namespace gateway::settings
