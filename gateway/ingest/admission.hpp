#pragma once
#include "gateway/model/quantity.hpp"
#include "gateway/model/reading.hpp"
#include "gateway/model/refusal.hpp"
#include "gateway/runtime/clock.hpp"

#include <string>
#include <string_view>
#include <unordered_map>

namespace gateway::ingest {

// What a reading measures, in the vocabulary's terms.
struct Measurement {
    const model::Quantity* quantity = nullptr;
    model::Decimal value;  // in quantity->unit
};

// The rules every reading must meet before its dataset's: a known quantity, a number in a unit that
// belongs to it, in the plausible range, at a plausible time. Lives on the reactor.
class Admission {
  public:
    // A device's clock may be so much ahead of ours.
    static constexpr std::chrono::hours kAheadMax{24};
    // While ours is not trusted: of what it cannot be before, since nobody knows how long the box
    // was off.
    static constexpr std::chrono::hours kAheadOfFloorMax{10 * 366 * 24};
    static constexpr std::size_t kDeviceNameMax = 256;  // bytes

    // `vocabulary` outlives the admission and does not change any more.
    explicit Admission(const model::Vocabulary& vocabulary) : vocabulary_(vocabulary) {}

    model::Decoded<Measurement> admit(
        const model::Reading& reading, const runtime::WallClock& clock
    ) const;

  private:
    const model::Vocabulary& vocabulary_;
};

}  // namespace gateway::ingest
