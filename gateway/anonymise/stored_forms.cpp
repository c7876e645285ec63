#include "gateway/anonymise/stored_forms.hpp"

#include "gateway/anonymise/attribute_rules.hpp"
#include "gateway/anonymise/canonical_form.hpp"
#include "gateway/anonymise/pseudonym.hpp"
#include "gateway/anonymise/reading_fields.hpp"
#include "gateway/anonymise/token_source.hpp"
#include "gateway/model/decimal.hpp"
#include "gateway/model/json_text.hpp"
#include "gateway/model/message.hpp"

#include <algorithm>

namespace gateway::anonymise {
namespace {

using model::Fault;
using model::Refusal;
using model::translatable;

// "<dataset>.<seconds of an epoch>.<its number>"; a dataset's name may have dots, too.
bool is_key_of(std::string_view name, std::string_view dataset) {
    if (!name.starts_with(dataset)) return false;
    name.remove_prefix(dataset.size());
    const auto is_number = [](std::string_view text) {
        return !text.empty() &&
               std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
    };
    if (!name.starts_with('.')) return false;
    name.remove_prefix(1);
    const auto dot = name.find('.');
    return dot != std::string_view::npos && is_number(name.substr(0, dot)) &&
           is_number(name.substr(dot + 1));
}

std::string as_json(std::string_view text) {
    std::string json;
    model::append_json_string(json, text);
    return json;
}

std::string as_stored(std::string_view field, std::string name) {
    return field == kDeviceField ? name : as_json(name);
}

struct Identity {
    const std::string& dataset;
    std::string_view field;
    const std::string& canonical;
};

// One, or none.
model::Decoded<std::vector<std::string>> token_forms(
    const Identity& identity, KeySource& keys, const TokenFinder& find_token
) {
    const auto key = keys.key(token_key_name(identity.dataset));
    if (!key) return Fault{Refusal::store_failed, translatable("a key cannot be read")};
    const auto token =
        find_token(Pseudonymiser(*key).fingerprint(identity.field, identity.canonical));
    if (!token) return Fault{Refusal::store_failed, translatable("the store cannot be read")};
    if (!*token) return std::vector<std::string>{};
    return std::vector<std::string>{as_stored(identity.field, **token)};
}

// A kept attribute may have been a text or a number.
std::vector<std::string> kept_forms(std::string_view field, std::string_view identity) {
    if (field == kDeviceField) return {std::string(identity)};
    std::vector<std::string> forms{as_json(identity)};
    if (const auto number = model::parse_decimal(identity))
        forms.push_back(model::to_string(*number));
    return forms;
}

}  // namespace

std::optional<std::string> identity_under(
    const settings::Dataset& dataset, std::string_view field, std::string_view identity
) {
    const auto rule = dataset.fields.find(std::string(field));
    if (rule == dataset.fields.end()) return std::nullopt;
    if (const auto* pseudonym = std::get_if<settings::Pseudonym>(&rule->second))
        return canonical_form(pseudonym->form, identity, pseudonym->country);
    if (!std::holds_alternative<settings::Keep>(rule->second)) return std::nullopt;
    return std::string(identity);
}

model::Decoded<std::vector<std::string>> stored_forms(
    const settings::Dataset& dataset,
    std::string_view field,
    std::string_view identity,
    const NameSources& sources
) {
    const auto rule = dataset.fields.find(std::string(field));
    const bool is_kept =
        rule != dataset.fields.end() && std::holds_alternative<settings::Keep>(rule->second);
    const bool is_hashed =
        rule != dataset.fields.end() && std::holds_alternative<settings::Pseudonym>(rule->second);
    if (!is_kept && !is_hashed) {
        return Fault{
            Refusal::missing_field,
            translatable("the dataset keeps nothing by which a person could be found in this field"
            )};
    }
    if (is_kept) return kept_forms(field, identity);
    const auto canonical = identity_under(dataset, field, identity);
    if (!canonical) {
        return Fault{
            Refusal::wrong_type,
            translatable("the identity is not of the form that the dataset's rule asks for")};
    }
    if (std::get<settings::Pseudonym>(rule->second).is_token)
        return token_forms({dataset.name, field, *canonical}, sources.keys, sources.find_token);
    std::vector<std::string> forms;
    for (const std::string& name : sources.key_names) {
        if (!is_key_of(name, dataset.name)) continue;
        const auto key = sources.keys.key(name);
        if (!key) return Fault{Refusal::store_failed, translatable("a key cannot be read")};
        forms.push_back(as_stored(field, Pseudonymiser(*key).pseudonym(field, *canonical)));
    }
    return forms;
}

}  // namespace gateway::anonymise
