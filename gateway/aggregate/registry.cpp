#include "gateway/aggregate/registry.hpp"

#include "gateway/aggregate/error.hpp"

#include <openssl/evp.h>

#include <algorithm>
#include <memory>
#include <set>
#include <stdexcept>
#include <utility>

namespace gateway::aggregate {
namespace {

bool are_possible(std::span<const Group> groups) {
    if (groups.empty() || groups.size() > Registry::kGroupsMax) return false;
    std::set<std::string_view> names;
    for (std::size_t i = 0; i < groups.size(); ++i) {
        const Group& group = groups[i];
        if (group.name.empty() || !names.insert(group.name).second) return false;
        if (!group.parent) continue;
        if (*group.parent >= i || groups[*group.parent].parent) return false;
    }
    return true;
}

std::vector<bool> totals_of(std::span<const Group> groups) {
    std::vector<bool> totals(groups.size());
    for (const Group& group : groups) {
        if (group.parent) totals[*group.parent] = true;
    }
    return totals;
}

// Every number and text with its length, so that no two registries give the same bytes.
class Digest {
  public:
    Digest() : context_(EVP_MD_CTX_new(), EVP_MD_CTX_free) {
        if (!context_ || EVP_DigestInit_ex(context_.get(), EVP_sha256(), nullptr) != 1)
            throw std::runtime_error("SHA-256 is not available from OpenSSL");
    }

    void add(std::span<const std::byte> bytes) {
        const std::uint64_t size = bytes.size();
        EVP_DigestUpdate(context_.get(), &size, sizeof size);
        EVP_DigestUpdate(context_.get(), bytes.data(), bytes.size());
    }
    void add(std::uint64_t number) { add(std::as_bytes(std::span(&number, 1))); }

    Registry::Fingerprint finish() {
        Registry::Fingerprint fingerprint;
        unsigned length = 0;
        auto* into = reinterpret_cast<unsigned char*>(fingerprint.data());
        EVP_DigestFinal_ex(context_.get(), into, &length);
        return fingerprint;
    }

  private:
    std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context_;
};

}  // namespace

model::Result<Registry> Registry::make(
    std::vector<Group> groups, std::span<const Membership> memberships
) {
    if (!are_possible(groups)) return Errc::impossible_rule;
    const auto totals = totals_of(groups);
    std::vector<std::pair<MeterToken, std::uint16_t>> sorted;
    sorted.reserve(memberships.size());
    for (const auto& membership : memberships) {
        if (membership.group >= groups.size() || totals[membership.group])
            return Errc::impossible_rule;
        sorted.emplace_back(membership.meter, static_cast<std::uint16_t>(membership.group));
    }
    std::sort(sorted.begin(), sorted.end());
    sorted.erase(std::unique(sorted.begin(), sorted.end()), sorted.end());
    Registry registry;
    registry.groups_ = std::move(groups);
    for (auto at = sorted.begin(); at != sorted.end();) {
        const MeterToken& token = at->first;
        std::vector<std::uint16_t> of_meter;
        for (; at != sorted.end() && at->first == token; ++at) of_meter.push_back(at->second);
        if (!registry.add_meter(token, std::move(of_meter))) return Errc::impossible_rule;
    }
    registry.note_fingerprint();
    return registry;
}

bool Registry::add_meter(const MeterToken& token, std::vector<std::uint16_t> groups) {
    const std::size_t leaves = groups.size();
    for (std::size_t i = 0; i < leaves; ++i) {
        const auto& parent = groups_[groups[i]].parent;
        if (parent) groups.push_back(static_cast<std::uint16_t>(*parent));
    }
    std::sort(groups.begin(), groups.end());
    // Two parts of one total: the meter would count twice in it.
    if (std::adjacent_find(groups.begin(), groups.end()) != groups.end()) return false;
    if (tokens_.size() == kMetersMax || groups.size() > kGroupsOfMeterMax) return false;
    has_overlaps_ = has_overlaps_ || leaves > 1;
    tokens_.push_back(token);
    memberships_.insert(memberships_.end(), groups.begin(), groups.end());
    starts_.push_back(static_cast<std::uint32_t>(memberships_.size()));
    return true;
}

void Registry::note_fingerprint() {
    Digest digest;
    for (const Group& group : groups_) {
        digest.add(std::as_bytes(std::span(group.name)));
        digest.add(group.parent ? *group.parent + 1 : 0);
    }
    digest.add(std::as_bytes(std::span(tokens_)));
    digest.add(std::as_bytes(std::span(starts_)));
    digest.add(std::as_bytes(std::span(memberships_)));
    fingerprint_ = digest.finish();
}

bool Registry::shares_meters_with(const Registry& other) const {
    auto mine = tokens_.begin();
    auto theirs = other.tokens_.begin();
    while (mine != tokens_.end() && theirs != other.tokens_.end()) {
        if (*mine == *theirs) return true;
        if (*mine < *theirs) {
            ++mine;
        } else {
            ++theirs;
        }
    }
    return false;
}

std::optional<std::uint32_t> Registry::find(const MeterToken& token) const {
    const auto found = std::lower_bound(tokens_.begin(), tokens_.end(), token);
    if (found == tokens_.end() || *found != token) return std::nullopt;
    return static_cast<std::uint32_t>(found - tokens_.begin());
}

}  // namespace gateway::aggregate
