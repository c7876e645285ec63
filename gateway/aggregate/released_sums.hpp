#pragma once
#include "gateway/aggregate/overlap.hpp"

#include <cstddef>
#include <cstdint>
#include <vector>

namespace gateway::aggregate {

// What somebody can compute from several sums of one window by adding and subtracting them, which
// is more than what two at a time tell: from m+P+R, Q+S, P+Q and R+S comes m, though each two
// differ by many. Meters that are in the same groups are one part; a sum is a row with a 1 for each
// of its parts, and what can be computed is in the span of the rows. Of that each row of the
// reduced form is looked at, with the largest parts as the first columns, so that what small parts
// alone tell is not hidden behind a large one. A sum of small parts that are many meters together
// is an ordinary sum, and may be told.
// Computed modulo the prime 2^61 - 1: the answer is that over the rationals unless the prime
// divides a minor of the rows, which groups would have to be built for.
class ReleasedSums {
  public:
    ReleasedSums(const Registry& registry, const Present& is_present, std::uint32_t meters_min);

    // Adds the group's sum to what is known, unless by that a row would be of fewer meters than the
    // floor, in one part or in several: then false, and nothing is added.
    bool add(std::size_t group);

  private:
    using Row = std::vector<std::uint64_t>;

    void reduce(Row& row) const;
    bool determines_few() const;

    struct Part {
        std::vector<std::uint16_t> groups;
        std::uint32_t meters;
    };
    std::uint32_t meters_min_;
    std::vector<Part> parts_;          // the largest first
    std::vector<Row> rows_;            // in each pivot column one has a 1 and the others a 0
    std::vector<std::size_t> pivots_;  // of each row
};

}  // namespace gateway::aggregate
