#pragma once
#include <cstdint>
#include <string>
#include <vector>

namespace bench {

// A set of numbers as ranges: small and quick where nearly all of them come in order.
class NumberSet {
  public:
    // False if it was there already.
    bool add(std::uint64_t number);

    std::uint64_t size() const { return size_; }

    // How many are missing between the lowest and the highest.
    std::uint64_t gaps() const;

    // "0-41,43": ranges in ascending order; empty for none.
    std::string to_text() const;

  private:
    struct Range {
        std::uint64_t first;
        std::uint64_t last;
    };
    bool insert(std::uint64_t number);

    std::vector<Range> ranges_;  // ascending, with a gap between each two
    std::uint64_t size_ = 0;
};

}  // namespace bench
