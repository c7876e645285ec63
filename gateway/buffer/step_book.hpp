#pragma once
#include "gateway/buffer/step_claim.hpp"
#include "gateway/buffer/store.hpp"
#include "gateway/buffer/text_hash.hpp"
#include "gateway/model/public_reading.hpp"
#include "gateway/model/refusal.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace gateway::buffer {

// A dataset that takes one reading a step, or every reading: then the step is zero.
struct SteppedDataset {
    std::string name;
    settings::Priority priority = settings::Priority::normal;
    std::chrono::seconds step{};
};

// Which steps are taken in the datasets that keep one reading a step. A reading claims its step;
// the claim holds from then on, and is undone if the reading is not stored. Readings without a date
// yet, which are told apart by the time since the boot, are remembered in memory only. On the
// reactor.
class StepBook {
  public:
    static constexpr std::size_t kSeriesMax = 200'000;  // about 25 MB

    StepBook(std::vector<SteppedDataset> datasets, std::span<const StoredSteps> stored);

    // Claims the reading's step. Refusal::step_taken when it is taken, limit_exceeded when there
    // are too many series. Of a dataset that takes every reading nothing is claimed.
    model::Decoded<void> claim(std::size_t dataset, const model::PublicReading& reading);

    // What was claimed since the last call: of readings that go into a group,
    std::vector<StepClaim> take_claims();
    // or that go nowhere.
    void drop_claims();

    // What became of a group's claims.
    void settle(std::span<const StepClaim> claims, Store::Written written);

    // Forgets series of which no reading came for TakenSteps::kKnown steps, as the store does.
    void forget_idle(model::Instant now);

  private:
    void undo(const StepClaim& claim);
    std::string_view key_of(std::string_view device, std::string_view quantity, bool is_dated);

    std::vector<SteppedDataset> datasets_;
    std::vector<TextMap<TakenSteps>> series_;  // by dataset, then device and quantity
    std::size_t count_ = 0;
    std::vector<StepClaim> claims_;
    std::string key_;  // reused
};

}  // namespace gateway::buffer
