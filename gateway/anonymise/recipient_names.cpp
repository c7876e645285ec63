#include "gateway/anonymise/recipient_names.hpp"

namespace gateway::anonymise {

RecipientNames::RecipientNames(std::string_view recipient, std::string dataset)
    : key_name_(key_name(recipient)), dataset_(std::move(dataset)) {}

model::Result<void> RecipientNames::prepare(KeySource& keys) {
    if (pseudonymiser_) return {};
    const auto key = keys.key(key_name_);
    if (!key) return key.error();
    pseudonymiser_.emplace(*key);
    return {};
}

// A dataset's name has no '/' and numbers have none, so that no two domains are written alike,
// whatever the field is called.
std::string RecipientNames::name(
    std::string_view field, std::chrono::seconds epoch, model::Instant at, std::string_view stored
) {
    domain_ = dataset_;
    domain_.append(1, '/').append(std::to_string(epoch.count()));
    domain_.append(1, '/').append(std::to_string(epoch_number(epoch, at)));
    domain_.append(1, '/').append(field);
    // With the length of the domain before it, no two pairs of domain and text are one.
    std::string wanted = std::to_string(domain_.size());
    wanted.append(1, ' ').append(domain_).append(stored);
    if (const auto known = names_.find(wanted); known != names_.end()) return known->second;
    if (names_.size() >= kNamesMax) names_.clear();
    const std::string made = pseudonymiser_->pseudonym(domain_, stored);
    return names_.emplace(std::move(wanted), made).first->second;
}

std::string RecipientNames::key_name(std::string_view recipient) {
    return "recipient@" + std::string(recipient);
}

std::int64_t epoch_number(std::chrono::seconds epoch, model::Instant at) {
    if (epoch.count() == 0) return 0;
    return std::chrono::floor<std::chrono::seconds>(at.time_since_epoch()) / epoch;
}

}  // namespace gateway::anonymise
