#pragma once
#include "gateway/aggregate/registry.hpp"

#include <cstring>
#include <string>
#include <utility>
#include <vector>

namespace tests::support {

// Tokens in the order of their numbers, so that a registry gives a meter its own number when none
// is left out.
inline gateway::aggregate::MeterToken numbered_token(std::uint32_t number) {
    gateway::aggregate::MeterToken token{};
    for (std::size_t i = 0; i < sizeof number; ++i)
        token[i] = static_cast<std::byte>(number >> (8 * (sizeof number - 1 - i)));
    return token;
}

// Memberships written down group by group.
class NumberedMeters {
  public:
    // The meters first ... last - 1 belong to the group.
    NumberedMeters& put(std::uint32_t first, std::uint32_t last, std::size_t group) {
        for (auto number = first; number < last; ++number)
            memberships_.push_back({numbered_token(number), group});
        return *this;
    }

    gateway::model::Result<gateway::aggregate::Registry> registry(
        std::vector<gateway::aggregate::Group> groups
    ) const {
        return gateway::aggregate::Registry::make(std::move(groups), memberships_);
    }

  private:
    std::vector<gateway::aggregate::Membership> memberships_;
};

}  // namespace tests::support
