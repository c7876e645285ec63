#include "gateway/observe/histogram.hpp"

#include <algorithm>
#include <numeric>

namespace gateway::observe {

void Histogram::note(double value) {
    const auto bound = std::lower_bound(bounds_.begin(), bounds_.end(), value);
    ++counts_[static_cast<std::size_t>(bound - bounds_.begin())];
    sum_ += value;
}

void Histogram::note(std::chrono::steady_clock::duration time) {
    note(std::chrono::duration<double>(time).count());
}

std::uint64_t Histogram::count_up_to(std::size_t bound) const {
    const auto end = counts_.begin() + static_cast<std::ptrdiff_t>(bound) + 1;
    return std::accumulate(counts_.begin(), end, std::uint64_t{0});
}

}  // namespace gateway::observe
