#include "gateway/buffer/taken_steps.hpp"

namespace gateway::buffer {
namespace {

constexpr std::uint64_t kNewest = 1;

// Whether it is known of the step if it is taken.
bool is_known(const TakenSteps& steps, std::int64_t step) {
    return step <= steps.newest && step > steps.newest - TakenSteps::kKnown;
}

std::uint64_t bit_of(const TakenSteps& steps, std::int64_t step) {
    return kNewest << static_cast<unsigned>(steps.newest - step);
}

}  // namespace

bool TakenSteps::has(std::int64_t step) const {
    return is_known(*this, step) && (taken & bit_of(*this, step)) != 0;
}

void TakenSteps::add(std::int64_t step) {
    if (is_known(*this, step)) {
        taken |= bit_of(*this, step);
        return;
    }
    const bool goes_on = step > newest && step - newest < kKnown;
    taken = goes_on ? taken << static_cast<unsigned>(step - newest) | kNewest : kNewest;
    newest = step;
}

void TakenSteps::remove(std::int64_t step) {
    if (is_known(*this, step)) taken &= ~bit_of(*this, step);
}

std::int64_t step_number(model::Instant time, std::chrono::seconds step) {
    return time.time_since_epoch() / std::chrono::milliseconds(step);
}

std::int64_t first_known_step(model::Instant now, std::chrono::seconds step) {
    return step_number(now, step) - TakenSteps::kKnown;
}

}  // namespace gateway::buffer
