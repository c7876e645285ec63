#pragma once
#include "gateway/model/quantity.hpp"
#include "gateway/model/reading.hpp"
#include "gateway/model/refusal.hpp"

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
    // Before this no device of ours existed; and a clock may be so much ahead.
    static constexpr model::Instant kTimeMin =
        std::chrono::sys_days{std::chrono::year{2000} / 1 / 1};
    static constexpr std::chrono::hours kAheadMax{24};
    static constexpr std::size_t kDeviceNameMax = 256;  // bytes

    // `vocabulary` outlives the admission and does not change any more.
    explicit Admission(const model::Vocabulary& vocabulary) : vocabulary_(vocabulary) {}

    model::Decoded<Measurement> admit(const model::Reading& reading, model::Instant now) const;

  private:
    const model::Vocabulary& vocabulary_;
};

}  // namespace gateway::ingest
