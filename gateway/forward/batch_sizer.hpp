#pragma once
#include <cstdint>

namespace gateway::forward {

// Decides how many readings the next batch of one queue may have.
//
// Two bounds apply. The ceiling is what the recipient takes: halved when a batch was too large,
// growing back slowly. The probe, while there is one, is a search for a reading the recipient
// refuses: a refused batch is halved until the bad reading stands alone, and afterwards the probe
// doubles with every batch that passes, since bad readings seldom come alone. Either way the cost
// of a bad reading is bounded by 2 log2(batch) + 1 requests.
class BatchSizer {
  public:
    explicit BatchSizer(std::uint32_t readings_max);

    std::uint32_t limit() const;

    // What became of a batch of so many readings. A single reading that is too large or rejected
    // can only be buried.
    void confirmed(std::uint32_t readings);
    void too_large(std::uint32_t readings);
    void rejected(std::uint32_t readings);
    void buried();

    static constexpr std::uint32_t kGrowthAfter = 16;   // confirmed batches until the ceiling grows
    static constexpr std::uint32_t kGrowthDivisor = 8;  // by this part of itself

  private:
    void grow_ceiling(std::uint32_t readings);
    void narrow(std::uint32_t confirmed_readings);

    std::uint32_t readings_max_;
    std::uint32_t ceiling_;
    std::uint32_t probe_ = 0;     // 0: no search
    std::uint32_t suspects_ = 0;  // the next so many readings contain a bad one
    std::uint32_t confirmed_at_ceiling_ = 0;
};

}  // namespace gateway::forward
