#pragma once
#include "gateway/aggregate/counts.hpp"
#include "gateway/model/result.hpp"

#include <cstdint>
#include <optional>
#include <unordered_map>
#include <vector>

namespace gateway::aggregate {

// What a meter that counts on and on (a volume, an energy) showed, and when.
struct MeterIndex {
    std::int64_t units = 0;
    std::int64_t read_at = 0;  // seconds since 1970

    bool operator==(const MeterIndex&) const = default;
};

// The newest index of each meter of a registry: what a meter brings to a window is the increase
// since the reading before it. An index older than that is in an increase already; a smaller one is
// of another meter in its place, and counts from there.
class MeterIndexes {
  public:
    // Indexes that were read and are not on the disk yet, over the others.
    using Draft = std::unordered_map<std::uint32_t, MeterIndex>;

    explicit MeterIndexes(std::size_t meters) : known_(meters) {}

    // The increase that `index` brings, or why it brings none: Count::first_index,
    // Count::older_index, Count::index_fell, Count::not_representable. All but an older one are
    // noted in `draft`.
    model::Result<std::int64_t, Count> increase(
        Draft& draft, std::uint32_t meter, const MeterIndex& index
    ) const;

    void set(std::uint32_t meter, const MeterIndex& index) { known_[meter] = index; }
    void clear(std::uint32_t meter) { known_[meter].reset(); }

  private:
    std::vector<std::optional<MeterIndex>> known_;
};

}  // namespace gateway::aggregate
