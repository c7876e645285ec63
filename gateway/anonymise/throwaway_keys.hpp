#pragma once
#include "gateway/anonymise/key_store.hpp"

namespace gateway::anonymise {

// A key of its own for every question, never kept: pseudonyms made with them look like the
// gateway's and lead to nobody, neither to its devices nor from one run to the next.
class ThrowawayKeys final : public KeySource {
  public:
    model::Result<Key> key(std::string_view name) override;
    model::Result<std::optional<Key>> find(std::string_view name) override;
};

}  // namespace gateway::anonymise
