#pragma once
#include <cstddef>
#include <cstdint>
#include <vector>

namespace tests::support {

// Electricity of invented households, half hour by half hour: what nobody may publish of real ones,
// and so what attacks are tried on. Each has a persona (who works when, who is retired, who heats
// by night), habits of its own around it, and days that differ: a model of what re-linking studies
// live on, without a claim to be a real city. The same seed gives the same households.
class Households {
  public:
    static constexpr std::size_t kHalfHours = 48;  // of a day
    static constexpr std::size_t kDays = 7;        // of a week, from Monday on

    using Week = std::vector<std::uint32_t>;  // Wh of each half hour, kDays * kHalfHours

    Households(std::size_t households, std::size_t weeks, std::uint64_t seed);

    std::size_t count() const { return households_; }
    std::size_t weeks() const { return weeks_; }
    const Week& week(std::size_t household, std::size_t week) const {
        return curves_[household * weeks_ + week];
    }

  private:
    std::size_t households_;
    std::size_t weeks_;
    std::vector<Week> curves_;
};

}  // namespace tests::support
