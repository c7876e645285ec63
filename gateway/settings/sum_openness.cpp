#include "gateway/settings/sum_openness.hpp"

#include "gateway/settings/units.hpp"

#include <algorithm>

namespace gateway::settings {
namespace {

struct Text {
    std::string operator()(const Threshold& threshold) const {
        return "meters_min " + std::to_string(threshold.meters_min) + ", share_percent_max " +
               std::to_string(threshold.share_percent_max);
    }
    std::string operator()(const Noise& noise) const {
        return "contribution_max " + model::to_string(noise.contribution_max) + ", epsilon " +
               model::to_string(noise.epsilon) + ", cap " + model::to_string(noise.cap) +
               ", period " + duration_text(noise.period);
    }
};

// Of two protections; where they cannot be ordered a person must look.
struct Compared {
    bool operator()(const Threshold& before, const Threshold& now) const {
        return now.meters_min < before.meters_min ||
               now.share_percent_max > before.share_percent_max;
    }
    bool operator()(const Noise& before, const Noise& now) const {
        return model::compare(now.epsilon, before.epsilon) > 0 ||
               model::compare(now.cap, before.cap) > 0 || now.period != before.period ||
               model::compare(now.contribution_max, before.contribution_max) != 0;
    }
    template <class Before, class Now>
    bool operator()(const Before&, const Now&) const {
        return true;
    }
};

bool are_same(const SumGroup& left, const SumGroup& right) {
    return left.name == right.name && left.part_of == right.part_of;
}

bool may_tell_more(const Sum& before, const Sum& now) {
    const bool is_another = before.from != now.from || before.quantity != now.quantity ||
                            before.increases != now.increases || before.into != now.into ||
                            before.as != now.as || before.members != now.members;
    // A group more can be subtracted from those there are.
    const bool has_other_groups = !std::equal(
        before.groups.begin(), before.groups.end(), now.groups.begin(), now.groups.end(), are_same
    );
    return is_another || has_other_groups ||
           model::compare(now.resolution, before.resolution) < 0 || now.window < before.window ||
           std::visit(Compared{}, before.protection, now.protection);
}

}  // namespace

std::string protection_text(const Sum& sum) {
    std::string text = std::visit(Text{}, sum.protection) + ", window " + duration_text(sum.window);
    text.append(", resolution ").append(model::to_string(sum.resolution)).append(", groups");
    for (const SumGroup& group : sum.groups) text.append(" ").append(group.name);
    return text;
}

std::vector<Opening> sum_openings(const Settings& before, const Settings& now) {
    std::vector<Opening> found;
    for (const Sum& sum : now.sums) {
        const auto earlier =
            std::find_if(before.sums.begin(), before.sums.end(), [&](const Sum& each) {
                return each.name == sum.name;
            });
        const bool is_new = earlier == before.sums.end();
        if (!is_new && !may_tell_more(*earlier, sum)) continue;
        found.push_back(
            {Opening::Kind::sum,
             sum.into,
             sum.name,
             is_new ? "" : protection_text(*earlier),
             protection_text(sum)}
        );
    }
    return found;
}

}  // namespace gateway::settings
