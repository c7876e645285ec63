#pragma once
#include "gateway/aggregate/spool_file.hpp"
#include "gateway/anonymise/key_ring.hpp"
#include "gateway/model/result.hpp"

#include <span>
#include <string>

namespace gateway::aggregate {

// Takes away what single meters brought to the datasets of the file that are not among `names`:
// no aggregation of theirs will release or forget it. Their keys go first, then windows and
// indexes. What is public stays (where they stand, counts, frozen results), and what they have
// cost: under its old name a dataset goes on. Blocks.
model::Result<void> forget_former_datasets(
    SpoolFile& file, anonymise::KeyRing& keys, std::span<const std::string> names
);

}  // namespace gateway::aggregate
