#include "gateway/buffer/token_vault.hpp"

#include <utility>

namespace gateway::buffer {

TokenVault::TokenVault(std::span<const VaultToken> stored) {
    for (const VaultToken& row : stored)
        count_ += datasets_[row.dataset].emplace(row.identity, row.token).second ? 1U : 0U;
}

const std::string* TokenVault::find(std::string_view dataset, const IdentityPrint& identity) const {
    const auto tokens = datasets_.find(dataset);
    if (tokens == datasets_.end()) return nullptr;
    const auto found = tokens->second.find(identity);
    return found == tokens->second.end() ? nullptr : &found->second;
}

void TokenVault::add(VaultToken added) {
    datasets_[added.dataset].emplace(added.identity, added.token);
    ++count_;
    new_.push_back(std::move(added));
}

std::vector<VaultToken> TokenVault::take_new() {
    return std::exchange(new_, {});
}

void TokenVault::forget(std::span<const VaultToken> tokens) {
    for (const VaultToken& forgotten : tokens) {
        const auto dataset = datasets_.find(forgotten.dataset);
        if (dataset == datasets_.end()) continue;
        const auto found = dataset->second.find(forgotten.identity);
        if (found == dataset->second.end() || found->second != forgotten.token) continue;
        dataset->second.erase(found);
        --count_;
    }
    ++generation_;
}

}  // namespace gateway::buffer
