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
const Table kNothing;

struct Field {
    Rule rule;
    std::optional<FieldClass> belongs_to;
};

constexpr std::array kClassKey = {
    Key<Field>{"class", into<&Field::belongs_to, read_choice<kFieldClasses>>}};

std::optional<Field> read_field(const Value& value, Loading& loading) {
    const std::string& field = value.key;
    const auto* table = std::get_if<Table>(&value.content);
    TableReader reader{table != nullptr ? *table : kNothing, value.at, field, loading};
    const Value* name = table != nullptr ? reader.take("rule", Presence::required) : &value;
    const auto make = name != nullptr ? read_rule_name(*name, field, loading) : std::nullopt;
    if (!make) return std::nullopt;
    Field read{(*make)(reader, value.at, loading), std::nullopt};
    reader.read<Field>(kClassKey, read);
    reader.reject_the_rest();
    return read;
}

// Who has written that a device is of no person has thought of it.
void warn_of_names(const Field& field, Position at, Loading& loading) {
    if (!std::holds_alternative<Keep>(field.rule) || field.belongs_to == FieldClass::open) return;
    loading.diagnostics.warning(
        at,
        tr("the devices' names are stored and sent as they are"),
        tr("write device = \"pseudonym\" if a device can be tied to a person, or { rule = "
           "\"keep\", "
           "class = \"public\" } if none can")
    );
}

}  // namespace

void read_fields(const Value& value, Loading& loading, Dataset& dataset) {
    const Table* table = as_table(value, loading);
    if (table == nullptr) return;
    for (const Entry& entry : table->entries) {
        auto field = read_field(entry.value, loading);
        if (!field) continue;
        if (entry.key == "device") warn_of_names(*field, entry.value.at, loading);
        dataset.fields.emplace(entry.key, std::move(field->rule));
        if (field->belongs_to) dataset.classes.emplace(entry.key, *field->belongs_to);
    }
    if (table->find("device") == nullptr) {
        loading.diagnostics.error(
            value.at,
            tr("no rule says what happens to the device's name"),
            tr("add device = \"pseudonym\", or \"keep\" where no device belongs to a person")
        );
    }
}

}  // namespace gateway::settings
