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

// "token 1", "token 2" …, in the order in which identities first came.
class NumberedTokens final : public gateway::anonymise::TokenSource {
  public:
    gateway::model::Decoded<std::string> token(
        std::string_view dataset, const gateway::anonymise::Pseudonymiser::Fingerprint& identity
    ) override;
    std::uint64_t generation() const override { return generation_; }

    void forget();

    int asked = 0;
    bool is_full = false;

  private:
    std::map<std::string, std::string> tokens_;
    std::size_t made_ = 0;
    std::uint64_t generation_ = 0;
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
    NumberedTokens tokens_;
    gateway::model::Readings memory_;
    gateway::model::Reading reading_;
    gateway::anonymise::Policy policy_;
};

}  // namespace tests
