#include "gateway/settings/rule_kinds.hpp"

#include "gateway/language/translate.hpp"
#include "gateway/settings/identity_rules.hpp"
#include "gateway/settings/values.hpp"

#include <algorithm>
#include <array>

namespace gateway::settings {
namespace {

using language::tr;

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

bool ascend(const std::vector<model::Decimal>& edges) {
    return std::adjacent_find(edges.begin(), edges.end(), [](const auto& left, const auto& right) {
               return model::compare(left, right) >= 0;
           }) == edges.end();
}

std::optional<std::vector<model::Decimal>> read_edges(const Value& value, Loading& loading) {
    const auto* array = std::get_if<Array>(&value.content);
    if (array == nullptr) {
        reject_type(value, tr("a list of numbers such as [0, 10, 50]"), loading);
        return std::nullopt;
    }
    std::vector<model::Decimal> edges;
    for (const Value& element : *array) {
        const auto edge = read_decimal(element, loading);
        if (!edge) return std::nullopt;
        edges.push_back(*edge);
    }
    if (edges.size() >= 2 && edges.size() <= Bin::kEdgesMax && ascend(edges)) return edges;
    loading.diagnostics.error(
        value.at,
        tr("'{0}' must be 2 to 64 numbers, each above the one before it", {value.key}),
        tr("begin with the lowest value that can come, such as [0, 10, 50]")
    );
    return std::nullopt;
}

constexpr std::array kPseudonymKeys = {
    Key<Pseudonym>{"epoch", into<&Pseudonym::epoch, read_epoch>}};
constexpr std::array kKept = {Choice<bool>{"all", false}, Choice<bool>{"first", true}};
constexpr std::array kCoarsenKeys = {
    Key<Coarsen>{"step", into<&Coarsen::step, read_duration<seconds, kSecond, 31 * kDay>>},
    Key<Coarsen>{"keep", into<&Coarsen::first_only, read_choice<kKept>>}};
constexpr std::array kGridKeys = {
    Key<Grid>{"metres", into<&Grid::metres, read_integer<int, 10, 100'000>>}};
constexpr std::array kRoundKeys = {Key<Round>{"step", into<&Round::step, read_step>}};
constexpr std::array kBinKeys = {
    Key<Bin>{"edges", into<&Bin::edges, read_edges>, Presence::required}};
constexpr std::array kTopCodeKeys = {
    Key<TopCode>{"min", into<&TopCode::min, read_decimal>},
    Key<TopCode>{"max", into<&TopCode::max, read_decimal>}};

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
std::span<const Key<Bin>> keys_of(const Bin&) {
    return kBinKeys;
}

template <class Kind>
Rule make_rule(TableReader& reader, Position, Loading&) {
    Kind rule;
    reader.read(keys_of(rule), rule);
    return rule;
}

Rule make_token(TableReader&, Position, Loading&) {
    Pseudonym rule;
    rule.epoch = seconds{0};
    rule.is_token = true;
    return rule;
}

Rule make_topcode(TableReader& reader, Position at, Loading& loading) {
    TopCode rule;
    reader.read<TopCode>(kTopCodeKeys, rule);
    const bool is_empty = rule.min && rule.max && model::compare(*rule.min, *rule.max) >= 0;
    if (is_empty || (!rule.min && !rule.max)) {
        loading.diagnostics.error(
            at,
            is_empty ? tr("'min' is not below 'max'") : tr("'topcode' has neither 'min' nor 'max'"),
            tr("write the bounds that rare values are cut to, such as max = 50")
        );
    }
    return rule;
}

constexpr Choice<MakeRule> kKeep{"keep", make_rule<Keep>};
constexpr Choice<MakeRule> kPseudonym{"pseudonym", make_rule<Pseudonym>};
constexpr Choice<MakeRule> kToken{"token", make_token};
constexpr Choice<MakeRule> kRound{"round", make_rule<Round>};
constexpr Choice<MakeRule> kBin{"bin", make_rule<Bin>};
constexpr Choice<MakeRule> kTopCode{"topcode", make_topcode};

constexpr std::array kDeviceRules = {
    kPseudonym,
    kToken,
    kKeep,
    Choice<MakeRule>{"mac", make_device_rule<Form::mac>},
    Choice<MakeRule>{"phone", make_device_rule<Form::phone>}};
constexpr std::array kTimeRules = {Choice<MakeRule>{"coarsen", make_rule<Coarsen>}, kKeep};
constexpr std::array kValueRules = {kRound, kBin, kTopCode, kKeep};
constexpr std::array kAttributeRules = {
    kKeep,
    Choice<MakeRule>{"drop", make_rule<Drop>},
    kPseudonym,
    kToken,
    Choice<MakeRule>{"grid", make_rule<Grid>},
    kRound,
    kBin,
    kTopCode,
    Choice<MakeRule>{"ip", make_ip_rule},
    Choice<MakeRule>{"mac", make_identity_rule<Form::mac>},
    Choice<MakeRule>{"phone", make_identity_rule<Form::phone>},
    Choice<MakeRule>{"email", make_identity_rule<Form::email>},
    Choice<MakeRule>{"iban", make_identity_rule<Form::iban>},
    Choice<MakeRule>{"name", make_identity_rule<Form::name>},
    Choice<MakeRule>{"text", make_text_rule}};

}  // namespace

std::optional<MakeRule> read_rule_name(
    const Value& name, std::string_view field, Loading& loading
) {
    if (field == "device") return read_choice<kDeviceRules>(name, loading);
    if (field == "time") return read_choice<kTimeRules>(name, loading);
    if (field == "value") return read_choice<kValueRules>(name, loading);
    return read_choice<kAttributeRules>(name, loading);
}

std::optional<seconds> read_epoch(const Value& value, Loading& loading) {
    const auto* text = std::get_if<std::string>(&value.content);
    if (text != nullptr && *text == "none") return seconds{0};
    return read_duration<seconds, kDay, 366 * kDay>(value, loading);
}

}  // namespace gateway::settings
