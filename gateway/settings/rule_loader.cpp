#include "gateway/settings/rule_loader.hpp"

#include "gateway/language/translate.hpp"
#include "gateway/settings/field_class.hpp"
#include "gateway/settings/rule_kinds.hpp"
#include "gateway/settings/values.hpp"

#include <array>
#include <utility>

namespace gateway::settings {
namespace {

using language::tr;

// A rule written as its name alone has nothing beside it.
const Table& nothing() {
    static const Table none;
    return none;
}

struct Field {
    Rule rule;
    std::optional<FieldClass> belongs_to;
};

constexpr std::array kClassKey = {
    Key<Field>{"class", into<&Field::belongs_to, read_choice<kFieldClasses>>}};

// `beside`: the keys that may stand beside the rule and its parameters.
std::optional<Field> read_field(
    const Value& value, std::span<const Key<Field>> beside, Loading& loading
) {
    const std::string& field = value.key;
    const auto* table = std::get_if<Table>(&value.content);
    TableReader reader{table != nullptr ? *table : nothing(), value.at, field, loading};
    const Value* name = table != nullptr ? reader.take("rule", Presence::required) : &value;
    const auto make = name != nullptr ? read_rule_name(*name, field, loading) : std::nullopt;
    if (!make) return std::nullopt;
    Field read{(*make)(reader, value.at, loading), std::nullopt};
    reader.read<Field>(beside, read);
    reader.reject_the_rest();
    return read;
}

void require_device(const Table& fields, Position at, Loading& loading) {
    if (fields.find("device") != nullptr) return;
    loading.diagnostics.error(
        at,
        tr("no rule says what happens to the device's name"),
        tr("add device = \"pseudonym\", or \"keep\" where no device belongs to a person")
    );
}

}  // namespace

void read_fields(const Value& value, Loading& loading, Dataset& dataset) {
    const Table* table = as_table(value, loading);
    if (table == nullptr) return;
    for (const Entry& entry : table->entries) {
        auto field = read_field(entry.value, kClassKey, loading);
        if (!field) continue;
        dataset.fields.emplace(entry.key, std::move(field->rule));
        if (field->belongs_to) dataset.classes.emplace(entry.key, *field->belongs_to);
    }
    require_device(*table, value.at, loading);
}

void read_sent_fields(const Value& value, Loading& loading, Contract& contract) {
    const Table* table = as_table(value, loading);
    if (table == nullptr) return;
    for (const Entry& entry : table->entries) {
        auto field = read_field(entry.value, {}, loading);
        if (field) contract.fields.emplace(entry.key, std::move(field->rule));
    }
    require_device(*table, value.at, loading);
}

}  // namespace gateway::settings
