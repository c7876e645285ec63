#pragma once
#include "gateway/anonymise/key_store.hpp"

#include <cstddef>
#include <map>
#include <string>
#include <string_view>

namespace gateway::anonymise {

// A key of its own for every name, gone with this object: pseudonyms made with them look like the
// gateway's and lead to nobody, neither to its devices nor from one run to the next.
class ThrowawayKeys final : public KeySource {
  public:
    static constexpr std::size_t kKeysMax = 10'000;  // remembered; beyond it from the start again

    model::Result<Key> key(std::string_view name) override;
    model::Result<std::optional<Key>> find(std::string_view name) override;

  private:
    std::map<std::string, Key, std::less<>> keys_;
};

}  // namespace gateway::anonymise
