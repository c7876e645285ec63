#include "gateway/runtime/trusted_clock.hpp"

#include <algorithm>

namespace gateway::runtime {

WallClock::Instant TrustedClock::release() {
    return Instant{std::chrono::seconds{PASSERELLE_RELEASE_TIME}};
}

TrustedClock::TrustedClock(Parts parts, const std::optional<LastGoodTime>& last)
    : parts_(parts), earliest_boot_(release() - since_boot()), began_(earliest_boot_) {
    if (!last) return;
    const bool is_this_boot = last->boot_id == boot_id();
    earliest_boot_ = std::max(earliest_boot_, is_this_boot ? last->began : last->time);
    began_ = earliest_boot_;
    if (is_this_boot && last->is_known) believe(last->began);
}

void TrustedClock::believe(Instant began) {
    began_ = began;
    is_trusted_ = true;
    earliest_boot_ = std::max(earliest_boot_, began);
    jump_.reset();
}

void TrustedClock::watch() {
    is_synchronised_ = parts_.service.has_set_clock();
    const Instant began = boot_by_system();
    if (!is_synchronised_ || began < earliest_boot_ - kDriftMax) return jump_.reset();
    const bool is_near = !is_trusted_ || std::chrono::abs(began - began_) <= kStepMax;
    const bool is_same_jump = jump_ && std::chrono::abs(began - jump_->began) <= kStepMax;
    const bool has_settled = is_same_jump && since_boot() - jump_->seen >= kSettling;
    if (is_near || has_settled) {
        believe(began);
    } else if (!is_same_jump) {
        jump_ = Jump{began, since_boot()};
    }
}

WallClock::Instant TrustedClock::boot_instant() const {
    if (is_trusted_) return began_;
    const Instant guess = boot_by_system();
    const bool is_possible = guess >= earliest_boot_ && guess <= earliest_boot_ + kAbsenceMax;
    return is_possible ? guess : earliest_boot_;
}

bool TrustedClock::system_is_off() const {
    return std::chrono::abs(boot_by_system() - began_) > kStepMax;
}

std::string_view TrustedClock::source() const {
    if (!is_trusted_) return "none";
    return is_synchronised_ && !system_is_off() ? parts_.service.name() : "boot";
}

LastGoodTime TrustedClock::last_good_time() const {
    return {now(), boot_id(), began_, is_trusted_};
}

}  // namespace gateway::runtime
