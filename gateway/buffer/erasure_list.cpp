#include "gateway/buffer/erasure_list.hpp"

#include <algorithm>
#include <utility>

namespace gateway::buffer {
namespace {

bool same_trait(const Erasure& left, const Erasure& right) {
    return left.device == right.device && left.attribute == right.attribute &&
           left.value == right.value;
}

}  // namespace

void ErasureList::note(Erasure erasure, model::Instant now) {
    const auto untold = std::find_if(pending_.begin(), pending_.end(), [&](const auto& pending) {
        return !pending.sent_by && same_trait(pending.erasure, erasure);
    });
    if (untold != pending_.end()) {
        untold->erasure.last_sequence = erasure.last_sequence;
        return;
    }
    pending_.push_back(PendingErasure{std::move(erasure), std::nullopt, now});
}

void ErasureList::seal(Lane lane) {
    std::size_t taken = 0;
    for (PendingErasure& pending : pending_) {
        if (pending.sent_by || taken >= kErasuresOfBatchMax) continue;
        pending.sent_by = lane;
        ++taken;
    }
}

void ErasureList::unseal(Lane lane) {
    for (PendingErasure& pending : pending_) {
        if (pending.sent_by == lane) pending.sent_by.reset();
    }
}

void ErasureList::confirm(Lane lane) {
    std::erase_if(pending_, [lane](const auto& pending) { return pending.sent_by == lane; });
}

std::vector<Erasure> ErasureList::sealed(Lane lane) const {
    std::vector<Erasure> erasures;
    for (const PendingErasure& pending : pending_) {
        if (pending.sent_by == lane) erasures.push_back(pending.erasure);
    }
    return erasures;
}

std::optional<model::Instant> ErasureList::noted_since(Lane lane, Lane or_lane) const {
    for (const PendingErasure& pending : pending_) {
        if (!pending.sent_by || pending.sent_by == lane || pending.sent_by == or_lane)
            return pending.noted_at;
    }
    return std::nullopt;
}

void ErasureList::set_noted_at(model::Instant now) {
    for (PendingErasure& pending : pending_) pending.noted_at = now;
}

}  // namespace gateway::buffer
