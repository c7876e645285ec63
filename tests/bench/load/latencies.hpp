#pragma once
#include <array>
#include <chrono>
#include <cstdint>

namespace bench {

// How long things took, in a fixed amount of memory: 64 steps within each power of two of a
// microsecond, so that a percentile is at most 1.6 % too high.
class Latencies {
  public:
    void add(std::chrono::nanoseconds latency);

    std::uint64_t count() const { return count_; }

    // The latency that this share of them (0 to 1) does not exceed, in milliseconds; 0 without any.
    double ms(double share) const;
    double ms_max() const { return static_cast<double>(us_max_) / 1000.0; }

  private:
    static constexpr unsigned kStepBits = 7;  // 64 steps: the leading one of the bits is always set
    static constexpr unsigned kValueBits = 40;  // 12 days
    static constexpr std::size_t kSteps = std::size_t{1} << kStepBits;

    static std::size_t step_of(std::uint64_t us);
    static std::uint64_t highest_of(std::size_t step);

    std::array<std::uint64_t, kSteps*(kValueBits - kStepBits + 1)> steps_{};
    std::uint64_t count_ = 0;
    std::uint64_t us_max_ = 0;
};

}  // namespace bench
