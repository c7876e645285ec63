#include "gateway/buffer/gap_list.hpp"

#include <algorithm>

namespace gateway::buffer {

Gap merged(const Gap& left, const Gap& right) {
    Gap both = left;
    both.first_sequence = std::min(left.first_sequence, right.first_sequence);
    both.last_sequence = std::max(left.last_sequence, right.last_sequence);
    both.count += right.count;
    both.observed_from = std::min(left.observed_from, right.observed_from);
    both.observed_to = std::max(left.observed_to, right.observed_to);
    return both;
}

void GapList::note(const Gap& gap, std::uint64_t previous_end, model::Instant now) {
    const auto continued = [&](const PendingGap& pending) {
        return !pending.sent_by && pending.gap.cause == gap.cause &&
               pending.gap.last_sequence + 1 == previous_end;
    };
    const auto before = std::find_if(gaps_.begin(), gaps_.end(), continued);
    if (before != gaps_.end()) {
        before->gap = merged(before->gap, gap);
        return;
    }
    add_new(gap, now);
}

void GapList::note_erased(const Gap& gap, model::Instant now) {
    const auto before = std::find_if(gaps_.begin(), gaps_.end(), [&](const PendingGap& pending) {
        return !pending.sent_by && pending.gap.cause == gap.cause;
    });
    if (before != gaps_.end()) {
        before->gap = merged(before->gap, gap);
        return;
    }
    add_new(gap, now);
}

void GapList::add_new(const Gap& gap, model::Instant now) {
    gaps_.push_back(PendingGap{gap, std::nullopt, now});
    const auto free = std::count_if(gaps_.begin(), gaps_.end(), [](const PendingGap& pending) {
        return !pending.sent_by;
    });
    if (static_cast<std::size_t>(free) > kGapsMax) merge_oldest();
}

// There are more gaps than causes, so that two have the same.
void GapList::merge_oldest() {
    for (auto older = gaps_.begin(); older != gaps_.end(); ++older) {
        if (older->sent_by) continue;
        const auto newer = std::find_if(older + 1, gaps_.end(), [&](const PendingGap& pending) {
            return !pending.sent_by && pending.gap.cause == older->gap.cause;
        });
        if (newer == gaps_.end()) continue;
        older->gap = merged(older->gap, newer->gap);
        gaps_.erase(newer);
        return;
    }
}

void GapList::seal(Lane lane) {
    for (PendingGap& pending : gaps_) {
        if (!pending.sent_by) pending.sent_by = lane;
    }
}

void GapList::unseal(Lane lane) {
    for (PendingGap& pending : gaps_) {
        if (pending.sent_by == lane) pending.sent_by.reset();
    }
}

void GapList::confirm(Lane lane) {
    std::erase_if(gaps_, [lane](const PendingGap& pending) { return pending.sent_by == lane; });
}

std::vector<Gap> GapList::sealed(Lane lane) const {
    std::vector<Gap> gaps;
    for (const PendingGap& pending : gaps_) {
        if (pending.sent_by == lane) gaps.push_back(pending.gap);
    }
    return gaps;
}

std::optional<model::Instant> GapList::noted_since(Lane lane, Lane or_lane) const {
    for (const PendingGap& pending : gaps_) {
        if (!pending.sent_by || pending.sent_by == lane || pending.sent_by == or_lane)
            return pending.noted_at;
    }
    return std::nullopt;
}

void GapList::set_noted_at(model::Instant now) {
    for (PendingGap& pending : gaps_) pending.noted_at = now;
}

}  // namespace gateway::buffer
