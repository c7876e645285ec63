#pragma once
#include "gateway/anonymise/policy.hpp"

#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace tests {

// Keys that depend on their names only.
class FixedKeys final : public gateway::anonymise::KeySource {
  public:
    gateway::model::Result<gateway::anonymise::Key> key(std::string_view name) override;
    gateway::model::Result<std::optional<gateway::anonymise::Key>> find(std::string_view name
    ) override;

    std::vector<std::string> asked;
    bool fail = false;
};

// A dataset "water" with these rules, applied to one reading after the other.
class PolicyFixture {
  public:
    explicit PolicyFixture(std::map<std::string, gateway::settings::Rule> fields);

    gateway::model::Decoded<gateway::model::PublicReading> apply(gateway::model::Decimal value);

    // What comes out of a reading with this device, value or attributes.
    gateway::model::Decoded<std::string> device(std::string_view name);
    gateway::model::Decimal value(gateway::model::Decimal value);
    std::string attributes(std::vector<gateway::model::Attribute> attributes);

    std::uint64_t fields_dropped() const { return policy_.fields_dropped(); }

  private:
    FixedKeys keys_;
    gateway::model::Readings memory_;
    gateway::model::Reading reading_;
    gateway::anonymise::Policy policy_;
};

}  // namespace tests
