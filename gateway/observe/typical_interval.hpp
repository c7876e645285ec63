#pragma once
#include <chrono>
#include <cstdint>
#include <optional>

namespace gateway::observe {

// At which intervals something comes, as a running estimate in a few bytes: near the interval that
// three of four do not exceed. A single one, however long, moves it little: an outage or a burst
// is forgotten after some of the usual kind.
class TypicalInterval {
  public:
    using Duration = std::chrono::duration<std::int64_t, std::milli>;
    static constexpr std::uint32_t kIntervalsMin = 3;  // fewer say nothing

    void add(Duration interval);
    std::optional<Duration> value() const;

  private:
    float milliseconds_ = 0;
    std::uint32_t intervals_ = 0;
};

}  // namespace gateway::observe
