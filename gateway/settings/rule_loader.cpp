#include "gateway/settings/rule_loader.hpp"

#include "gateway/language/translate.hpp"
#include "gateway/settings/rule_kinds.hpp"

namespace gateway::settings {
namespace {

using language::tr;

// A rule written as its name alone has nothing beside it.
const Table kNothing;

std::optional<Rule> read_rule(const Value& value, Loading& loading) {
    const std::string& field = value.key;
    const auto* table = std::get_if<Table>(&value.content);
    TableReader reader{table != nullptr ? *table : kNothing, value.at, field, loading};
    const Value* name = table != nullptr ? reader.take("rule", Presence::required) : &value;
    const auto make = name != nullptr ? read_rule_name(*name, field, loading) : std::nullopt;
    if (!make) return std::nullopt;
    Rule rule = (*make)(reader, value.at, loading);
    reader.reject_the_rest();
    return rule;
}

void warn_of_names(const Rule& rule, Position at, Loading& loading) {
    if (!std::holds_alternative<Keep>(rule)) return;
    loading.diagnostics.warning(
        at,
        tr("the devices' names are stored and sent as they are"),
        tr("write device = \"pseudonym\" if a device can be tied to a person")
    );
}

}  // namespace

std::optional<std::map<std::string, Rule>> read_rules(const Value& value, Loading& loading) {
    const Table* table = as_table(value, loading);
    if (table == nullptr) return std::nullopt;
    std::map<std::string, Rule> rules;
    for (const Entry& entry : table->entries) {
        auto rule = read_rule(entry.value, loading);
        if (!rule) continue;
        if (entry.key == "device") warn_of_names(*rule, entry.value.at, loading);
        rules.emplace(entry.key, *rule);
    }
    if (table->find("device") == nullptr) {
        loading.diagnostics.error(
            value.at,
            tr("no rule says what happens to the device's name"),
            tr("add device = \"pseudonym\", or \"keep\" where no device belongs to a person")
        );
    }
    return rules;
}

}  // namespace gateway::settings
