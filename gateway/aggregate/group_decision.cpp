#include "gateway/aggregate/group_decision.hpp"

#include "gateway/aggregate/clamped_sum.hpp"
#include "gateway/aggregate/overlap.hpp"
#include "gateway/aggregate/released_sums.hpp"
#include "gateway/model/wide.hpp"

#include <algorithm>

namespace gateway::aggregate {
namespace {

using Wide = model::WideNatural;

// What the first two rules look at.
struct Weight {
    std::uint32_t meters = 0;
    Wide all = 0;  // of absolute values: 100,000 meters of 64 bits fit
    Wide largest = 0;

    void add(Wide value) {
        ++meters;
        all += value;
        largest = std::max(largest, value);
    }
    void add(const Weight& other) {
        meters += other.meters;
        all += other.all;
        largest = std::max(largest, other.largest);
    }

    std::optional<Suppression> suppressed(Thresholds thresholds) const {
        if (meters < thresholds.meters_min) return Suppression::few_meters;
        if (all == 0 || largest * 100 > all * thresholds.share_percent_max)
            return Suppression::dominated;
        return std::nullopt;
    }
};

Wide magnitude(std::int64_t value) {
    const auto bits = static_cast<std::uint64_t>(value);
    return value < 0 ? 0 - bits : bits;
}

class Decision {
  public:
    Decision(const Registry& registry, Thresholds thresholds, const WindowTotals& totals)
        : registry_(registry),
          thresholds_(thresholds),
          totals_(totals),
          weights_(registry.groups().size()),
          groups_(registry.groups().size()) {}

    std::vector<GroupDecision> make() {
        weigh();
        if (registry_.has_overlaps()) apply_overlap_rule();
        protect_parts();
        // A sum that goes may have been a part, whose total then has another rest.
        while (registry_.has_overlaps() && apply_span_rule()) protect_parts();
        return std::move(groups_);
    }

  private:
    bool is_released(std::size_t group) const { return !groups_[group].suppressed; }

    void weigh() {
        for (std::uint32_t meter = 0; meter < registry_.meters(); ++meter) {
            if (!totals_.has(meter)) continue;
            for (const auto group : registry_.groups_of(meter)) add(group, totals_.total(meter));
        }
        for (std::size_t group = 0; group < groups_.size(); ++group) {
            groups_[group].meters = weights_[group].meters;
            const auto cause = weights_[group].suppressed(thresholds_);
            if (cause) groups_[group].suppressed = cause;
        }
    }

    void add(std::size_t group, std::int64_t value) {
        weights_[group].add(magnitude(value));
        GroupDecision& decision = groups_[group];
        const auto sum = checked_sum(decision.sum, value);
        if (sum) {
            decision.sum = *sum;
        } else {
            decision.suppressed = Suppression::overflow;
        }
    }

    void apply_overlap_rule() {
        const auto sizes = sizes_of(registry_, [&](auto meter) { return totals_.has(meter); });
        for (std::size_t later = 0; later < groups_.size(); ++later) {
            for (std::size_t earlier = 0; earlier < later && is_released(later); ++earlier) {
                if (!is_released(earlier)) continue;
                const std::pair pair(earlier, later);
                if (!may_both_be_released(registry_, sizes, pair, thresholds_.meters_min))
                    groups_[later].suppressed = Suppression::overlap;
            }
        }
    }

    // True when it suppressed a group.
    bool apply_span_rule() {
        ReleasedSums sums(
            registry_, [&](auto meter) { return totals_.has(meter); }, thresholds_.meters_min
        );
        bool found = false;
        for (std::size_t group = 0; group < groups_.size(); ++group) {
            if (!is_released(group) || sums.add(group)) continue;
            groups_[group].suppressed = Suppression::overlap;
            found = true;
        }
        return found;
    }

    void protect_parts() {
        for (std::size_t total = 0; total < groups_.size(); ++total) {
            while (is_released(total) && !rest_is_safe(total)) suppress_smallest_part(total);
        }
    }

    // The total less its released parts tells nothing about a few.
    bool rest_is_safe(std::size_t total) const {
        Weight rest;
        bool has_released = false;
        for (std::size_t part = total + 1; part < groups_.size(); ++part) {
            if (!registry_.is_part_of(part, total)) continue;
            if (is_released(part)) {
                has_released = true;
            } else {
                rest.add(weights_[part]);
            }
        }
        return !has_released || rest.meters == 0 || !rest.suppressed(thresholds_);
    }

    void suppress_smallest_part(std::size_t total) {
        std::optional<std::size_t> smallest;
        for (std::size_t part = total + 1; part < groups_.size(); ++part) {
            if (!registry_.is_part_of(part, total) || !is_released(part)) continue;
            if (!smallest || groups_[part].meters < groups_[*smallest].meters) smallest = part;
        }
        groups_[*smallest].suppressed = Suppression::complementary;
    }

    const Registry& registry_;
    Thresholds thresholds_;
    const WindowTotals& totals_;
    std::vector<Weight> weights_;
    std::vector<GroupDecision> groups_;
};

}  // namespace

std::vector<GroupDecision> decide(
    const Registry& registry, Thresholds thresholds, const WindowTotals& totals
) {
    return Decision(registry, thresholds, totals).make();
}

}  // namespace gateway::aggregate
