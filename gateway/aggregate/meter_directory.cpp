#include "gateway/aggregate/meter_directory.hpp"

#include "gateway/anonymise/canonical_form.hpp"

#include <algorithm>
#include <utility>

namespace gateway::aggregate {
namespace {

constexpr std::string_view kDeviceField = "device";

// What is hashed of a meter's name. One that is not of the rule's form brings no reading either.
std::string identity_of(const std::string& meter, const settings::Pseudonym* rule) {
    if (rule == nullptr || rule->form == settings::Form::as_sent) return meter;
    return anonymise::canonical_form(rule->form, meter, rule->country).value_or(meter);
}

}  // namespace

MeterDirectory::MeterDirectory(
    const settings::Rule& rule,
    std::span<const Member> members,
    const anonymise::Pseudonymiser& tokens
) {
    if (const auto* pseudonym = std::get_if<settings::Pseudonym>(&rule)) pseudonym_ = *pseudonym;
    const settings::Pseudonym* form = pseudonym_ ? &*pseudonym_ : nullptr;
    std::vector<std::string> identities;
    identities.reserve(members.size());
    for (const Member& member : members) identities.push_back(identity_of(member.meter, form));
    meters_ = identities;
    std::sort(meters_.begin(), meters_.end());
    meters_.erase(std::unique(meters_.begin(), meters_.end()), meters_.end());
    for (const std::string& identity : identities) {
        const auto found = std::lower_bound(meters_.begin(), meters_.end(), identity);
        meter_of_member_.push_back(static_cast<std::uint32_t>(found - meters_.begin()));
    }
    for (const std::string& meter : meters_)
        tokens_.push_back(tokens.fingerprint(kDeviceField, meter));
    if (pseudonym_) return;
    Names& names = names_.emplace_front();
    for (std::size_t i = 0; i < meters_.size(); ++i)
        names.push_back({token_of(meters_[i]), static_cast<std::uint32_t>(i)});
    std::sort(names.begin(), names.end());
}

std::chrono::seconds MeterDirectory::epoch_length() const {
    return pseudonym_ ? pseudonym_->epoch : std::chrono::seconds{0};
}

void MeterDirectory::add_epoch(const anonymise::Pseudonymiser& epoch) {
    Names& names = names_.emplace_front();
    names.reserve(meters_.size());
    for (std::size_t i = 0; i < meters_.size(); ++i) {
        const auto stored = token_of(epoch.pseudonym(kDeviceField, meters_[i]));
        names.push_back({stored, static_cast<std::uint32_t>(i)});
    }
    std::sort(names.begin(), names.end());
    if (names_.size() > epochs_max()) names_.pop_back();
}

std::size_t MeterDirectory::epochs_max() const {
    constexpr std::size_t kNamesMax = 1'000'000;
    return std::clamp<std::size_t>(
        kNamesMax / std::max<std::size_t>(meters_.size(), 1), 2, kEpochsMax
    );
}

const MeterDirectory::Name* MeterDirectory::find_in(const Names& names, const MeterToken& stored) {
    const auto found = std::lower_bound(names.begin(), names.end(), Name{stored, 0});
    return found != names.end() && found->stored == stored ? &*found : nullptr;
}

MeterToken MeterDirectory::find(std::string_view stored) const {
    const MeterToken token = token_of(stored);
    for (const Names& names : names_) {
        const Name* name = find_in(names, token);
        if (name != nullptr) return tokens_[name->meter];
    }
    return {};
}

}  // namespace gateway::aggregate
