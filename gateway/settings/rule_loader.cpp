#include "gateway/settings/rule_loader.hpp"

#include "gateway/language/translate.hpp"
#include "gateway/settings/units.hpp"
#include "gateway/settings/values.hpp"

#include <algorithm>
#include <array>

namespace gateway::settings {
namespace {

using language::tr;

// "P1M" and the like, or "none": pseudonyms that never change.
std::optional<seconds> read_epoch(const Value& value, Loading& loading) {
    const auto* text = std::get_if<std::string>(&value.content);
    if (text != nullptr && *text == "none") return seconds{0};
    return read_duration<seconds, kDay, 366 * kDay>(value, loading);
}

std::optional<model::Decimal> read_step(const Value& value, Loading& loading) {
    const auto step = read_decimal(value, loading);
    if (!step || step->mantissa > 0) return step;
    loading.diagnostics.error(
        value.at,
        tr("'{0}' must be above 0", {value.key}),
        tr("write the step to round to, such as 0.5")
    );
    return std::nullopt;
}

constexpr std::array kPseudonymKeys = {
    Key<Pseudonym>{"epoch", into<&Pseudonym::epoch, read_epoch>}};
constexpr std::array kCoarsenKeys = {
    Key<Coarsen>{"step", into<&Coarsen::step, read_duration<seconds, kSecond, 31 * kDay>>}};
constexpr std::array kGridKeys = {
    Key<Grid>{"metres", into<&Grid::metres, read_integer<int, 10, 100'000>>}};
constexpr std::array kRoundKeys = {Key<Round>{"step", into<&Round::step, read_step>}};

std::span<const Key<Keep>> keys_of(const Keep&) {
    return {};
}
std::span<const Key<Drop>> keys_of(const Drop&) {
    return {};
}
std::span<const Key<Pseudonym>> keys_of(const Pseudonym&) {
    return kPseudonymKeys;
}
std::span<const Key<Coarsen>> keys_of(const Coarsen&) {
    return kCoarsenKeys;
}
std::span<const Key<Grid>> keys_of(const Grid&) {
    return kGridKeys;
}
std::span<const Key<Round>> keys_of(const Round&) {
    return kRoundKeys;
}

// `reader` is null for a rule written as its name alone.
template <class Kind>
Rule make_rule(TableReader* reader) {
    Kind rule;
    if (reader != nullptr) reader->read(keys_of(rule), rule);
    return rule;
}

using MakeRule = Rule (*)(TableReader*);

// Which rules make sense for which fields: anything else would drop or refuse every reading.
constexpr std::array kDeviceRules = {
    Choice<MakeRule>{"pseudonym", make_rule<Pseudonym>}, Choice<MakeRule>{"keep", make_rule<Keep>}};
constexpr std::array kTimeRules = {
    Choice<MakeRule>{"coarsen", make_rule<Coarsen>}, Choice<MakeRule>{"keep", make_rule<Keep>}};
constexpr std::array kValueRules = {
    Choice<MakeRule>{"round", make_rule<Round>}, Choice<MakeRule>{"keep", make_rule<Keep>}};
constexpr std::array kAttributeRules = {
    Choice<MakeRule>{"keep", make_rule<Keep>},
    Choice<MakeRule>{"drop", make_rule<Drop>},
    Choice<MakeRule>{"pseudonym", make_rule<Pseudonym>},
    Choice<MakeRule>{"grid", make_rule<Grid>},
    Choice<MakeRule>{"round", make_rule<Round>}};

std::optional<MakeRule> rule_named(const Value& name, std::string_view field, Loading& loading) {
    if (field == "device") return read_choice<kDeviceRules>(name, loading);
    if (field == "time") return read_choice<kTimeRules>(name, loading);
    if (field == "value") return read_choice<kValueRules>(name, loading);
    return read_choice<kAttributeRules>(name, loading);
}

std::optional<Rule> read_rule(const Value& value, Loading& loading) {
    const std::string& field = value.key;
    const auto* table = std::get_if<Table>(&value.content);
    if (table == nullptr) {
        const auto make = rule_named(value, field, loading);
        return make ? std::optional{(*make)(nullptr)} : std::nullopt;
    }
    TableReader reader{*table, value.at, field, loading};
    const Value* name = reader.take("rule", Presence::required);
    const auto make = name != nullptr ? rule_named(*name, field, loading) : std::nullopt;
    if (!make) return std::nullopt;
    Rule rule = (*make)(&reader);
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

std::string to_string(const Rule& rule) {
    struct Text {
        std::string operator()(const Keep&) const { return "keep"; }
        std::string operator()(const Drop&) const { return "drop"; }
        std::string operator()(const Pseudonym& rule) const {
            if (rule.epoch == seconds{0}) return "pseudonym, epoch none";
            return "pseudonym, epoch " + duration_text(rule.epoch);
        }
        std::string operator()(const Coarsen& rule) const {
            return "coarsen, step " + duration_text(rule.step);
        }
        std::string operator()(const Grid& rule) const {
            return "grid, metres " + std::to_string(rule.metres);
        }
        std::string operator()(const Round& rule) const {
            return "round, step " + model::to_string(rule.step);
        }
    };
    return std::visit(Text{}, rule);
}

}  // namespace gateway::settings
