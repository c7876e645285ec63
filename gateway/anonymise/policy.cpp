#include "gateway/anonymise/policy.hpp"

#include "gateway/anonymise/attribute_rules.hpp"
#include "gateway/anonymise/canonical_form.hpp"
#include "gateway/anonymise/coarsen.hpp"
#include "gateway/anonymise/epoch.hpp"
#include "gateway/anonymise/reading_fields.hpp"
#include "gateway/model/json_text.hpp"
#include "gateway/model/message.hpp"

#include <algorithm>

namespace gateway::anonymise {
namespace {

using model::Fault;
using model::Refusal;
using model::translatable;

// The time under the dataset's rule for it; nothing if the rule lets no time pass.
std::optional<model::Instant> time_under(const settings::Rule* rule, model::Instant time) {
    if (rule == nullptr || std::holds_alternative<settings::Keep>(*rule)) return time;
    if (const auto* coarsen = std::get_if<settings::Coarsen>(rule))
        return coarsened(time, coarsen->step);
    return std::nullopt;
}

}  // namespace

Policy::Policy(const settings::Dataset& dataset, KeySource& keys, TokenSource& tokens)
    : dataset_(dataset.name), keys_(keys), tokens_(tokens) {
    for (const auto& [name, rule] : dataset.fields) {
        fields_.emplace(name, Field{rule, NamePrints{}});
        const auto* pseudonym = std::get_if<settings::Pseudonym>(&rule);
        if (pseudonym != nullptr && pseudonym->is_token) {
            has_tokens_ = true;
            continue;
        }
        const auto same_length = [&](const Epoch& epoch) {
            return epoch.length == pseudonym->epoch;
        };
        if (pseudonym == nullptr || std::any_of(epochs_.begin(), epochs_.end(), same_length))
            continue;
        epochs_.push_back({.length = pseudonym->epoch, .number = -1, .pseudonymiser = std::nullopt}
        );
    }
}

model::Result<void> Policy::prepare(model::Instant now) {
    names_.make_room();
    if (const auto prepared = prepare_tokens(); !prepared) return prepared;
    for (auto& epoch : epochs_) {
        const std::int64_t number = epoch_number(now, epoch.length);
        if (epoch.pseudonymiser && number <= epoch.number) continue;
        const auto key = keys_.key(epoch_key_name(dataset_, epoch.length, number));
        if (!key) return key.error();
        epoch.pseudonymiser.emplace(*key);
        epoch.number = number;
        names_.clear();
    }
    return {};
}

model::Result<void> Policy::prepare_tokens() {
    if (!has_tokens_) return {};
    if (const auto generation = tokens_.generation(); generation != token_generation_) {
        names_.clear();
        token_generation_ = generation;
    }
    if (token_identities_) return {};
    const auto key = keys_.key(token_key_name(dataset_));
    if (!key) return key.error();
    token_identities_.emplace(*key);
    return {};
}

model::Decoded<model::PublicReading> Policy::apply(
    const Admitted& admitted, model::Readings& memory
) {
    const auto& reading = admitted.reading;
    const auto device = device_of(reading.device, memory);
    if (!device) return device.error();
    const auto time = time_under(rule_of(kTimeField), reading.observed_at);
    if (!time)
        return Fault{
            Refusal::implausible_time, translatable("the dataset's rule for time lets none pass")};
    const auto* value_rule = rule_of(kValueField);
    const auto value =
        value_rule != nullptr ? number_under(*value_rule, admitted.value) : admitted.value;
    if (!value) {
        return Fault{
            Refusal::not_representable,
            translatable("the value cannot be brought to the dataset's rule for it")};
    }
    model::PublicReading result;
    result.device_ = *device;
    result.quantity_ = &admitted.quantity;
    result.value_ = *value;
    result.observed_at_ = *time;
    result.time_quality_ = reading.time_quality;
    result.attributes_ = attributes_of(reading, memory);
    return result;
}

std::string_view Policy::stored_name(std::string_view device, model::Readings& memory) {
    const auto* field = field_of(kDeviceField);
    if (field == nullptr) return {};
    if (std::holds_alternative<settings::Keep>(field->rule))
        return is_plain_text(device) ? memory.keep(device) : std::string_view{};
    const auto* rule = std::get_if<settings::Pseudonym>(&field->rule);
    if (rule == nullptr) return {};
    if (!rule->is_token) {
        const auto name = pseudonym_of_device(*field, device);
        return name ? *name : std::string_view{};
    }
    const auto identity = canonical_form(rule->form, device, rule->country);
    if (!identity) return {};
    return names_.find(field->prints.of(*identity)).value_or(std::string_view{});
}

std::optional<std::string> Policy::attribute_under_its_rule(const model::Attribute& attribute) {
    const auto* field = is_of_every_reading(attribute.name) ? nullptr : field_of(attribute.name);
    json_.clear();
    if (field == nullptr || !append_value(*field, attribute)) return std::nullopt;
    return json_;
}

model::Decoded<std::string_view> Policy::device_of(
    std::string_view device, model::Readings& memory
) {
    const auto* field = field_of(kDeviceField);
    if (field == nullptr || std::holds_alternative<settings::Drop>(field->rule)) {
        ++fields_dropped_;
        return std::string_view{};
    }
    if (std::holds_alternative<settings::Pseudonym>(field->rule))
        return pseudonym_of_device(*field, device);
    if (!std::holds_alternative<settings::Keep>(field->rule) || !is_plain_text(device)) {
        return Fault{
            Refusal::unknown_device, translatable("the device's name is not a plain text")};
    }
    return memory.keep(device);
}

model::Decoded<std::string_view> Policy::pseudonym_of_device(
    const Field& field, std::string_view device
) {
    const auto& rule = std::get<settings::Pseudonym>(field.rule);
    if (rule.form == settings::Form::as_sent) return name_of(kDeviceField, field, device);
    const auto identity = canonical_form(rule.form, device, rule.country);
    if (!identity) {
        return Fault{
            Refusal::unknown_device,
            translatable("the device's name is not of the form that the dataset's rule asks for")};
    }
    return name_of(kDeviceField, field, *identity);
}

// The pseudonym or token of an identity in a field.
model::Decoded<std::string_view> Policy::name_of(
    std::string_view name, const Field& field, std::string_view identity
) {
    const auto print = field.prints.of(identity);
    if (const auto known = names_.find(print)) return *known;
    auto made = new_name_of(name, std::get<settings::Pseudonym>(field.rule), identity);
    if (!made) return made.error();
    return names_.add(print, *made);
}

model::Decoded<std::string> Policy::new_name_of(
    std::string_view name, const settings::Pseudonym& rule, std::string_view identity
) {
    if (rule.is_token)
        return tokens_.token(dataset_, token_identities_->fingerprint(name, identity));
    return epoch_of(rule).pseudonymiser->pseudonym(name, identity);
}

std::string_view Policy::attributes_of(const model::Reading& reading, model::Readings& memory) {
    if (reading.attributes.empty()) return {};
    sorted_.clear();
    for (const auto& attribute : reading.attributes) sorted_.push_back(&attribute);
    std::sort(sorted_.begin(), sorted_.end(), [](const auto* left, const auto* right) {
        return left->name < right->name;
    });
    json_.assign(1, '{');
    std::string_view previous;
    for (const auto* attribute : sorted_) {
        if (attribute->name == previous || !append_attribute(*attribute)) {
            ++fields_dropped_;
            continue;
        }
        previous = attribute->name;
    }
    if (json_.size() == 1) return {};
    json_ += '}';
    return memory.keep(json_);
}

// Appends the attribute as its rule makes it; false, and nothing appended, if it must not pass.
bool Policy::append_attribute(const model::Attribute& attribute) {
    if (is_of_every_reading(attribute.name)) return false;  // their rules are for something else
    const auto* field = field_of(attribute.name);
    if (field == nullptr) return false;
    const std::size_t before = json_.size();
    if (before > 1) json_ += ',';
    model::append_json_string(json_, attribute.name);
    json_ += ':';
    if (append_value(*field, attribute)) return true;
    json_.resize(before);
    return false;
}

bool Policy::append_value(const Field& field, const model::Attribute& attribute) {
    const auto* pseudonym = std::get_if<settings::Pseudonym>(&field.rule);
    if (pseudonym == nullptr) return append_under(json_, field.rule, attribute);
    const auto identity = identity_of(*pseudonym, attribute);
    if (!identity) return false;
    const auto name = name_of(attribute.name, field, *identity);
    if (name) model::append_json_string(json_, *name);
    return static_cast<bool>(name);
}

const Policy::Field* Policy::field_of(std::string_view name) const {
    const auto found = fields_.find(name);
    return found == fields_.end() ? nullptr : &found->second;
}

const settings::Rule* Policy::rule_of(std::string_view name) const {
    const auto* field = field_of(name);
    return field == nullptr ? nullptr : &field->rule;
}

Policy::Epoch& Policy::epoch_of(const settings::Pseudonym& rule) {
    return *std::find_if(epochs_.begin(), epochs_.end(), [&](const Epoch& epoch) {
        return epoch.length == rule.epoch;
    });
}

}  // namespace gateway::anonymise
