#pragma once
#include <cstddef>
#include <cstdint>
#include <vector>

namespace gateway::aggregate {

// What each meter of a registry has brought to one window, in units of the dataset's resolution,
// and whether it has brought anything. Nine bytes a meter at most: 100,000 meters take less than
// 1 MB a window.
class WindowTotals {
  public:
    explicit WindowTotals(std::size_t meters) : totals_(meters), present_(meters) {}

    std::size_t meters() const { return totals_.size(); }
    bool has(std::uint32_t meter) const { return present_[meter]; }
    // 0 for a meter that has brought nothing.
    std::int64_t total(std::uint32_t meter) const { return totals_[meter]; }

    void clear(std::uint32_t meter) {
        totals_[meter] = 0;
        present_[meter] = false;
    }

    void set(std::uint32_t meter, std::int64_t total) {
        totals_[meter] = total;
        present_[meter] = true;
    }

  private:
    std::vector<std::int64_t> totals_;
    std::vector<bool> present_;
};

}  // namespace gateway::aggregate
