#pragma once
#include "gateway/runtime/boot_clock.hpp"
#include "gateway/runtime/clock.hpp"
#include "gateway/runtime/last_good_time.hpp"
#include "gateway/runtime/time_service.hpp"

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace gateway::runtime {

// The date, as far as it can be known on a box whose clock may say anything after a boot.
//
// The system clock is believed when the time service vouches for it and it is not below the floor:
// the last good time of an earlier run, or the release of this program. From then on the date is
// the instant of the boot plus the time since the boot, so that it goes on evenly whatever happens
// to the system clock; while the service vouches for that clock the instant of the boot follows it.
// Trust, once there, stays for this boot.
//
// On the reactor; what it is made of outlives it.
class TrustedClock final : public WallClock {
  public:
    // The least floor: when this version was made.
    static Instant release();
    // A clock that ran without NTP is not wrong by more: 200 ppm for a month.
    static constexpr std::chrono::minutes kDriftMax{10};
    // More at once is a jump. It is only followed when the service vouches for it for kSettling.
    static constexpr std::chrono::minutes kStepMax{1};
    static constexpr std::chrono::hours kSettling{1};
    // No box is away for longer; a system clock further ahead of the floor is not even a guess.
    static constexpr std::chrono::hours kAbsenceMax{366 * 24};

    struct Parts {
        const WallClock& system;
        const BootClock& boot;
        const TimeService& service;
    };

    TrustedClock(Parts parts, const std::optional<LastGoodTime>& last);

    Instant now() const override { return began_ + since_boot(); }
    bool is_trusted() const override { return is_trusted_; }
    Duration since_boot() const override { return parts_.boot.since_boot(); }

    // Looks at the system clock. Called at the start and then every second.
    void watch();

    // --- for those who keep times, and for the operator ---

    const std::string& boot_id() const { return parts_.boot.boot_id(); }
    // When this boot began: exact once the date is trusted, a guess within the bounds before.
    Instant boot_instant() const;
    // What an earlier date cannot be.
    Instant floor() const { return earliest_boot_ + since_boot(); }
    Instant system_now() const { return parts_.system.now(); }
    // The system clock is far from now(): while that is trusted, it jumped.
    bool system_is_off() const;
    bool is_synchronised() const { return is_synchronised_; }
    // "kernel", "mark", "always"; "boot" while trust only lasts from before; "none" without trust.
    std::string_view source() const;
    LastGoodTime last_good_time() const;

  private:
    struct Jump {
        Instant began{};
        Duration seen{};  // since the boot
    };

    void believe(Instant began);
    Instant boot_by_system() const { return parts_.system.now() - since_boot(); }

    Parts parts_;
    Instant earliest_boot_;
    Instant began_;  // earliest_boot_ while nobody knows better
    bool is_trusted_ = false;
    bool is_synchronised_ = false;
    std::optional<Jump> jump_;
};

}  // namespace gateway::runtime
