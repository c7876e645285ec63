#include "tests/bench/load/number_set.hpp"

#include <algorithm>

namespace bench {

bool NumberSet::add(std::uint64_t number) {
    const bool is_next = !ranges_.empty() && number == ranges_.back().last + 1;
    if (is_next) {
        ranges_.back().last = number;
    } else if (!insert(number)) {
        return false;
    }
    ++size_;
    return true;
}

bool NumberSet::insert(std::uint64_t number) {
    const auto ends_before = [](const Range& range, std::uint64_t value) {
        return range.last < value;
    };
    auto next = std::lower_bound(ranges_.begin(), ranges_.end(), number, ends_before);
    if (next != ranges_.end() && next->first <= number) return false;
    const bool joins_next = next != ranges_.end() && next->first == number + 1;
    const bool joins_previous = next != ranges_.begin() && std::prev(next)->last + 1 == number;
    if (joins_next && joins_previous) {
        std::prev(next)->last = next->last;
        ranges_.erase(next);
    } else if (joins_next) {
        next->first = number;
    } else if (joins_previous) {
        std::prev(next)->last = number;
    } else {
        ranges_.insert(next, {number, number});
    }
    return true;
}

std::uint64_t NumberSet::gaps() const {
    if (ranges_.empty()) return 0;
    return ranges_.back().last - ranges_.front().first + 1 - size_;
}

std::string NumberSet::to_text() const {
    std::string text;
    for (const auto& [first, last] : ranges_) {
        if (!text.empty()) text += ',';
        text += std::to_string(first) + '-' + std::to_string(last);
    }
    return text;
}

}  // namespace bench
