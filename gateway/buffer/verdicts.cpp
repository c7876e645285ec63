#include "gateway/buffer/verdicts.hpp"

#include "gateway/model/message.hpp"

#include <algorithm>

namespace gateway::buffer {

void Verdicts::note_failed(std::uint64_t group, model::Fault why) {
    const bool continues = !failed_.empty() && failed_.back().last + 1 == group &&
                           failed_.back().why.cause == why.cause;
    if (continues) {
        failed_.back().last = group;
        return;
    }
    failed_.push_back(Range{group, group, why});
    if (failed_.size() <= kRangesMax) return;
    forgotten_until_ = failed_.front().last;
    failed_.pop_front();
}

std::optional<model::Fault> Verdicts::failure_of(std::uint64_t group) const {
    if (group == 0) return std::nullopt;
    if (group <= forgotten_until_) {
        return model::Fault{
            model::Refusal::store_failed,
            model::translatable("it is no longer known whether the readings were stored")};
    }
    const auto before = [](const Range& range, std::uint64_t number) {
        return range.last < number;
    };
    const auto found = std::lower_bound(failed_.begin(), failed_.end(), group, before);
    if (found == failed_.end() || found->first > group) return std::nullopt;
    return found->why;
}

}  // namespace gateway::buffer
