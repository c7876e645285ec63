#include "gateway/subject/gate.hpp"

#include "gateway/anonymise/stored_forms.hpp"
#include "gateway/model/message.hpp"

#include <algorithm>

namespace gateway::subject {
namespace {

using model::Fault;
using model::Refusal;
using model::translatable;

constexpr std::string_view kDeviceField = "device";

Fault restricted() {
    return Fault{
        Refusal::restricted, translatable("the person of the reading had its storing restricted")};
}

Fault no_consent() {
    return Fault{
        Refusal::no_consent,
        translatable("the dataset asks for a consent that the reading's device has not")};
}

// An attribute as a person would present it.
std::optional<std::string> identity_of(const model::Attribute& attribute) {
    if (const auto* text = std::get_if<std::string_view>(&attribute.value))
        return std::string(*text);
    if (const auto* number = std::get_if<model::Decimal>(&attribute.value))
        return model::to_string(*number);
    return std::nullopt;
}

}  // namespace

Gate::Gate(const settings::Settings& settings, const anonymise::Key& key) : hasher_(key) {
    for (const auto& configured : settings.datasets) {
        Dataset& dataset = datasets_.emplace_back();
        dataset.settings = configured;
        dataset.asks = configured.consent_each;
    }
}

void Gate::apply(const Entry& entry) {
    const auto found = std::find_if(datasets_.begin(), datasets_.end(), [&](const Dataset& known) {
        return known.settings.name == entry.dataset;
    });
    if (found == datasets_.end()) return;
    found->verdicts.clear();
    People& restricted = found->restrictions[entry.field];
    switch (entry.act) {
        case Act::grant:
            found->consents.insert(entry.who);
            break;
        case Act::revoke:
            found->consents.erase(entry.who);
            break;
        case Act::restrict:
            restricted.insert(entry.who);
            break;
        case Act::lift:
            restricted.erase(entry.who);
            break;
    }
    if (restricted.empty()) found->restrictions.erase(entry.field);
    found->asks = found->settings.consent_each || !found->restrictions.empty();
}

std::optional<Fault> Gate::ask(Dataset& dataset, const model::Reading& reading) {
    const Print print = prints_.of(reading.device);
    auto known = dataset.verdicts.find(print);
    if (known == dataset.verdicts.end()) {
        if (dataset.verdicts.size() >= kVerdictsMax) dataset.verdicts.clear();
        known = dataset.verdicts.emplace(print, verdict_on(dataset, reading.device)).first;
    }
    if (known->second == Verdict::restricted) return restricted();
    for (const model::Attribute& attribute : reading.attributes) {
        if (is_restricted(dataset, attribute)) return restricted();
    }
    if (known->second == Verdict::no_consent) return no_consent();
    return std::nullopt;
}

Gate::Verdict Gate::verdict_on(const Dataset& dataset, std::string_view device) const {
    const auto refused = dataset.settings.consent_each ? Verdict::no_consent : Verdict::pass;
    const auto identity = anonymise::identity_under(dataset.settings, kDeviceField, device);
    if (!identity) return refused;
    const Who who = hasher_.who(dataset.settings.name, kDeviceField, *identity);
    const auto restricted = dataset.restrictions.find(kDeviceField);
    if (restricted != dataset.restrictions.end() && restricted->second.contains(who))
        return Verdict::restricted;
    return dataset.consents.contains(who) ? Verdict::pass : refused;
}

bool Gate::is_restricted(const Dataset& dataset, const model::Attribute& attribute) const {
    const auto people = dataset.restrictions.find(attribute.name);
    if (people == dataset.restrictions.end() || attribute.name == kDeviceField) return false;
    const auto told = identity_of(attribute);
    const auto identity =
        told ? anonymise::identity_under(dataset.settings, attribute.name, *told) : std::nullopt;
    if (!identity) return false;
    return people->second.contains(hasher_.who(dataset.settings.name, attribute.name, *identity));
}

std::uint64_t Gate::consents() const {
    std::uint64_t count = 0;
    for (const Dataset& dataset : datasets_) count += dataset.consents.size();
    return count;
}

std::uint64_t Gate::restrictions() const {
    std::uint64_t count = 0;
    for (const Dataset& dataset : datasets_) {
        for (const auto& [field, people] : dataset.restrictions) count += people.size();
    }
    return count;
}

}  // namespace gateway::subject
