#pragma once
#include "gateway/buffer/batch_queue.hpp"
#include "gateway/buffer/gap.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

namespace gateway::buffer {

// A gap that a queue's recipient has not confirmed.
struct PendingGap {
    Gap gap;
    std::optional<Lane> sent_by;  // in the open batch of this lane; nothing: in none
    model::Instant noted_at{};    // a stamp; after a restart, the start

    bool operator==(const PendingGap&) const = default;
};

// The gaps of a queue, in the order in which they came to be. A gap that is in an open batch does
// not change any more.
class GapList {
  public:
    // Named bound of those that are in no batch; beyond it the two oldest of a cause become one.
    static constexpr std::size_t kGapsMax = 64;

    // `previous_end`: where the range of the queue that lost the readings began before.
    void note(const Gap& gap, std::uint64_t previous_end, model::Instant now);

    // A reading that was erased: all of them that no batch tells yet are one gap.
    void note_erased(const Gap& gap, model::Instant now);

    // A batch of the lane is opened, given up, or confirmed.
    void seal(Lane lane);
    void unseal(Lane lane);
    void confirm(Lane lane);

    std::vector<Gap> sealed(Lane lane) const;
    // The oldest gap that no open batch carries but one of these lanes.
    std::optional<model::Instant> noted_since(Lane lane, Lane or_lane) const;

    const std::vector<PendingGap>& all() const { return gaps_; }
    void add(const PendingGap& gap) { gaps_.push_back(gap); }
    void set_noted_at(model::Instant now);

    bool operator==(const GapList&) const = default;

  private:
    void add_new(const Gap& gap, model::Instant now);
    void merge_oldest();

    std::vector<PendingGap> gaps_;
};

}  // namespace gateway::buffer
