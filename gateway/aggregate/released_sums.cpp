#include "gateway/aggregate/released_sums.hpp"

#include "gateway/model/wide.hpp"

#include <algorithm>
#include <map>

namespace gateway::aggregate {
namespace {

using Wide = model::WideNatural;

constexpr std::uint64_t kPrime = (std::uint64_t{1} << 61) - 1;

std::uint64_t product(std::uint64_t left, std::uint64_t right) {
    return static_cast<std::uint64_t>(Wide{left} * right % kPrime);
}

// a^(p-2): Fermat.
std::uint64_t inverse(std::uint64_t value) {
    std::uint64_t result = 1;
    for (std::uint64_t exponent = kPrime - 2; exponent != 0; exponent >>= 1) {
        if (exponent % 2 == 1) result = product(result, value);
        value = product(value, value);
    }
    return result;
}

using Row = std::vector<std::uint64_t>;

// Takes so many times `other` from the row.
void subtract(Row& row, std::uint64_t times, const Row& other) {
    if (times == 0) return;
    for (std::size_t i = 0; i < row.size(); ++i)
        row[i] = (row[i] + product(kPrime - times, other[i])) % kPrime;
}

}  // namespace

ReleasedSums::ReleasedSums(
    const Registry& registry, const Present& is_present, std::uint32_t meters_min
)
    : meters_min_(meters_min) {
    std::map<std::vector<std::uint16_t>, std::uint32_t> parts;
    for (std::uint32_t meter = 0; meter < registry.meters(); ++meter) {
        if (!is_present(meter)) continue;
        const auto groups = registry.groups_of(meter);
        ++parts[std::vector<std::uint16_t>(groups.begin(), groups.end())];
    }
    for (const auto& [groups, meters] : parts) parts_.push_back({groups, meters});
    std::stable_sort(parts_.begin(), parts_.end(), [](const Part& left, const Part& right) {
        return left.meters > right.meters;
    });
}

void ReleasedSums::reduce(Row& row) const {
    for (std::size_t i = 0; i < rows_.size(); ++i) subtract(row, row[pivots_[i]], rows_[i]);
}

bool ReleasedSums::add(std::size_t group) {
    Row row(parts_.size());
    for (std::size_t part = 0; part < parts_.size(); ++part) {
        const auto& groups = parts_[part].groups;
        row[part] = std::count(groups.begin(), groups.end(), group) != 0 ? 1 : 0;
    }
    reduce(row);
    const auto first = std::find_if(row.begin(), row.end(), [](auto value) { return value != 0; });
    if (first == row.end()) return true;  // others tell it already
    const auto pivot = static_cast<std::size_t>(first - row.begin());
    const std::uint64_t factor = inverse(*first);
    for (auto& value : row) value = product(value, factor);
    const auto before = rows_;
    for (Row& other : rows_) subtract(other, other[pivot], row);
    rows_.push_back(std::move(row));
    pivots_.push_back(pivot);
    if (!determines_few()) return true;
    rows_ = before;
    pivots_.pop_back();
    return false;
}

// Large parts are the first columns: rows that begin with a small one span all that small parts
// alone tell.
bool ReleasedSums::determines_few() const {
    return std::any_of(rows_.begin(), rows_.end(), [&](const Row& row) {
        std::uint32_t meters = 0;
        for (std::size_t part = 0; part < row.size() && meters < meters_min_; ++part)
            meters += row[part] != 0 ? parts_[part].meters : 0;
        return meters < meters_min_;
    });
}

}  // namespace gateway::aggregate
