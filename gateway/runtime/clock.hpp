#pragma once
#include <chrono>
#include <cstdint>

namespace gateway::runtime {

// Wall-clock time; injected so that tests decide what time it is. Same representation as
// model::Instant.
class WallClock {
  public:
    using Instant = std::chrono::sys_time<std::chrono::duration<std::int64_t, std::milli>>;
    virtual ~WallClock() = default;
    virtual Instant now() const = 0;
};

class SystemClock final : public WallClock {
  public:
    Instant now() const override {
        return std::chrono::time_point_cast<Instant::duration>(std::chrono::system_clock::now());
    }
};

class ManualClock final : public WallClock {
  public:
    explicit ManualClock(Instant start) : now_(start) {}
    Instant now() const override { return now_; }
    void advance(Instant::duration by) { now_ += by; }
    void set(Instant to) { now_ = to; }

  private:
    Instant now_;
};

}  // namespace gateway::runtime
