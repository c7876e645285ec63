#pragma once
#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <span>

namespace gateway::observe {

// How often a measured value was how large, for metrics. Of a fixed size; copied with the report.
class Histogram {
  public:
    static constexpr std::size_t kBoundsMax = 16;

    // The rising upper bounds of the buckets, each of which includes its own; of static storage, at
    // most kBoundsMax. One more bucket takes what is above them.
    explicit Histogram(std::span<const double> bounds) : bounds_(bounds) {}

    void note(double value);
    void note(std::chrono::steady_clock::duration time);  // in seconds

    std::span<const double> bounds() const { return bounds_; }
    // Values up to the bound of this number; with the number of bounds, all.
    std::uint64_t count_up_to(std::size_t bound) const;
    std::uint64_t count() const { return count_up_to(bounds_.size()); }
    double sum() const { return sum_; }

  private:
    std::span<const double> bounds_;
    std::array<std::uint64_t, kBoundsMax + 1> counts_{};
    double sum_ = 0;
};

// Seconds that a disk takes for a commit, and a recipient on a bad link for a batch.
inline constexpr std::array kDiskSeconds{
    0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0};
inline constexpr std::array kLinkSeconds{
    0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0};
// Readings that are written or sent at once.
inline constexpr std::array kReadingsAtOnce{
    1.0, 3.0, 10.0, 30.0, 100.0, 300.0, 1000.0, 3000.0, 10000.0, 30000.0};

}  // namespace gateway::observe
