#pragma once
#include <chrono>
#include <cstdint>

namespace gateway::runtime {

// What time it is; injected so that tests decide. Instants have the representation of
// model::Instant.
//
// A box without a battery for its clock does not know the date for a while after it has booted.
// What happens then is remembered by the time since the boot, as an Instant that counts from 1970:
// it is before kDatesFrom, where no date ever is. Whoever keeps a stamp() beyond this boot has to
// date it.
class WallClock {
  public:
    using Duration = std::chrono::duration<std::int64_t, std::milli>;
    using Instant = std::chrono::sys_time<Duration>;

    virtual ~WallClock() = default;

    // The date; before it is trusted, a bound that the true date is not below.
    virtual Instant now() const = 0;
    virtual bool is_trusted() const { return true; }
    // Steady, and counting while the machine sleeps.
    virtual Duration since_boot() const { return now().time_since_epoch(); }

    // By what to remember that something happens now: the date if it is trusted, otherwise the time
    // since the boot.
    Instant stamp() const { return is_trusted() ? now() : Instant{since_boot()}; }
    // How long ago a stamp of this boot was taken; the same before and after the date is known.
    Duration age(Instant stamp) const;
    // The date of a stamp of this boot, as good as is known now.
    Instant date(Instant stamp) const;
};

// Before it no device and no gateway of this kind ran.
inline constexpr WallClock::Instant kDatesFrom{
    std::chrono::sys_days{std::chrono::year{2000} / 1 / 1}};

constexpr bool is_since_boot(WallClock::Instant time) {
    return time < kDatesFrom;
}

inline WallClock::Duration WallClock::age(Instant stamp) const {
    return is_since_boot(stamp) ? since_boot() - stamp.time_since_epoch() : now() - stamp;
}

inline WallClock::Instant WallClock::date(Instant stamp) const {
    return is_since_boot(stamp) ? now() - age(stamp) : stamp;
}

// What the system says, right or wrong.
class SystemClock final : public WallClock {
  public:
    Instant now() const override {
        return std::chrono::time_point_cast<Instant::duration>(std::chrono::system_clock::now());
    }
};

// Trusted and as old as its dates, unless a test says otherwise.
class ManualClock final : public WallClock {
  public:
    explicit ManualClock(Instant start) : now_(start) {}
    Instant now() const override { return now_; }
    bool is_trusted() const override { return trusted_; }
    Duration since_boot() const override { return since_boot_; }
    void advance(Instant::duration by) {
        now_ += by;
        since_boot_ += by;
    }
    void set(Instant to) { now_ = to; }
    void distrust() { trusted_ = false; }
    void trust() { trusted_ = true; }

  private:
    Instant now_;
    Duration since_boot_{std::chrono::minutes{1}};
    bool trusted_ = true;
};

}  // namespace gateway::runtime
