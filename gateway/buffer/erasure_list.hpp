#pragma once
#include "gateway/buffer/batch_queue.hpp"
#include "gateway/buffer/erasure.hpp"

#include <cstddef>
#include <optional>
#include <vector>

namespace gateway::buffer {

// An erasure that a queue's recipient has not confirmed.
struct PendingErasure {
    Erasure erasure;
    std::optional<Lane> sent_by;  // in the open batch of this lane; nothing: in none
    model::Instant noted_at{};    // a stamp; after a restart, the start

    bool operator==(const PendingErasure&) const = default;
};

// The erasures of a queue, in the order in which they came to be. None is ever dropped before the
// recipient confirmed it: where there is no room for another, nothing is erased.
class ErasureList {
  public:
    static constexpr std::size_t kErasuresMax = 5'000;
    static constexpr std::size_t kErasuresOfBatchMax = 500;

    bool has_room_for(std::size_t erasures) const {
        return pending_.size() + erasures <= kErasuresMax;
    }
    void note(Erasure erasure, model::Instant now);

    // A batch of the lane is opened (it takes kErasuresOfBatchMax), given up, or confirmed.
    void seal(Lane lane);
    void unseal(Lane lane);
    void confirm(Lane lane);

    std::vector<Erasure> sealed(Lane lane) const;
    // The oldest one that no open batch carries but one of these lanes.
    std::optional<model::Instant> noted_since(Lane lane, Lane or_lane) const;

    const std::vector<PendingErasure>& all() const { return pending_; }
    void add(PendingErasure pending) { pending_.push_back(std::move(pending)); }
    void set_noted_at(model::Instant now);

    bool operator==(const ErasureList&) const = default;

  private:
    std::vector<PendingErasure> pending_;
};

}  // namespace gateway::buffer
