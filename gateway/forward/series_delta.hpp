#pragma once
#include <cstdint>
#include <unordered_map>

namespace gateway::forward {

// Differences between consecutive readings of the same series, a (device, quantity) pair: what a
// column of a columnar batch holds. The first reading of a series is differenced against zero;
// arithmetic is modulo 2^64, so that every value has exactly one difference and back.
class SeriesDelta {
  public:
    struct Step {
        std::int64_t mantissa = 0;
        std::int64_t time_ms = 0;
    };

    explicit SeriesDelta(std::size_t series_expected) { last_.reserve(series_expected); }

    Step next(std::uint32_t device, std::uint32_t quantity, Step now) {
        Step& last = last_[std::uint64_t{device} << 32U | quantity];
        const Step step{minus(now.mantissa, last.mantissa), minus(now.time_ms, last.time_ms)};
        last = now;
        return step;
    }

  private:
    static std::int64_t minus(std::int64_t left, std::int64_t right) {
        return static_cast<std::int64_t>(
            static_cast<std::uint64_t>(left) - static_cast<std::uint64_t>(right)
        );
    }

    std::unordered_map<std::uint64_t, Step> last_;
};

}  // namespace gateway::forward
