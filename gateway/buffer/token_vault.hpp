#pragma once
#include "gateway/buffer/vault_token.hpp"

#include <cstddef>
#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace gateway::buffer {

// The tokens that the store has, and those on their way into it with a group. On the reactor.
class TokenVault {
  public:
    static constexpr std::size_t kTokensMax = 200'000;  // about 25 MB

    explicit TokenVault(std::span<const VaultToken> stored);

    // Null when the identity has none.
    const std::string* find(std::string_view dataset, const IdentityPrint& identity) const;
    bool is_full() const { return count_ >= kTokensMax; }
    // Of an identity that has none, where there is room.
    void add(VaultToken added);

    // Those that the next group must have: no stored reading has a token that the store has not.
    std::vector<VaultToken> take_new();

    void forget(std::span<const VaultToken> tokens);
    std::uint64_t generation() const { return generation_; }

  private:
    using Tokens = std::unordered_map<IdentityPrint, std::string, IdentityPrintHash>;

    std::map<std::string, Tokens, std::less<>> datasets_;
    std::size_t count_ = 0;
    std::vector<VaultToken> new_;
    std::uint64_t generation_ = 0;
};

}  // namespace gateway::buffer
