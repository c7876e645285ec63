// How the windows of an Aggregation end.
#include "gateway/aggregate/aggregation.hpp"
#include "gateway/aggregate/error.hpp"
#include "gateway/aggregate/frozen_result.hpp"
#include "gateway/aggregate/group_decision.hpp"
#include "gateway/aggregate/noisy_sums.hpp"

#include <algorithm>
#include <chrono>
#include <utility>

namespace gateway::aggregate {

model::Result<std::size_t> Aggregation::release_due(model::Instant watermark) {
    if (failed_) return Errc::failed;
    if (auto may = at_.file.may_release(); !may) return may.error();
    const std::int64_t seconds =
        std::chrono::floor<std::chrono::seconds>(watermark).time_since_epoch().count();
    std::size_t released = 0;
    while (released < kReleasesMax) {
        leave_out_windows(seconds);
        if (auto dropped = fail(drop_left_out()); !dropped) return dropped.error();
        const auto due = next_due(seconds);
        if (!due) break;
        if (auto done = release(*due); !done) return done.error();
        ++released;
    }
    return released;
}

// Moves the horizon over windows of which nothing is to be said. It is stored with the next
// release; until then another start comes to the same.
void Aggregation::leave_out_windows(std::int64_t watermark) {
    const std::int64_t length = rules_.window.count();
    const std::int64_t due = start_of_window(watermark - rules_.grace.count(), rules_.window);
    const auto first = std::find_if(windows_.begin(), windows_.end(), [](const auto& window) {
        return window.first.part == 0;
    });
    std::int64_t horizon = is_noisy() ? due - kWindowsBehindMax * length : due;
    if (!is_noisy() && first != windows_.end()) horizon = std::min(horizon, first->first.start);
    row_.horizon = std::max(row_.horizon, next_start(horizon));
}

// With noise, windows behind the horizon are left out whether somebody brought anything or not:
// that one is released would tell it.
model::Result<void> Aggregation::drop_left_out() {
    while (is_noisy() && !windows_.empty() && windows_.begin()->first.start < row_.horizon) {
        const WindowId id = windows_.begin()->first;
        const std::int64_t number = windows_.begin()->second.row;
        auto done = at_.file.transact([&]() -> model::Result<void> {
            if (auto removed = tables_.remove_contributions(number); !removed) return removed;
            if (auto marked = tables_.mark_released(number); !marked) return marked;
            return tables_.save(row_);
        });
        if (!done) return done;
        windows_.erase(windows_.begin());
        if (auto destroyed = destroy_key(id, number); !destroyed) return destroyed;
    }
    return {};
}

std::optional<WindowId> Aggregation::next_due(std::int64_t watermark) const {
    const auto is_due = [&](const WindowId& id) {
        const auto wait = id.part == 0 ? rules_.grace : rules_.correction.value_or(rules_.grace);
        return id.start + rules_.window.count() + wait.count() <= watermark;
    };
    const auto open = std::find_if(windows_.begin(), windows_.end(), [&](const auto& window) {
        return is_due(window.first);
    });
    std::optional<WindowId> due;
    if (open != windows_.end()) due = open->first;
    const WindowId horizon{row_.horizon, 0};
    if (is_noisy() && is_due(horizon) && (!due || horizon < *due)) due = horizon;
    return due;
}

std::int64_t Aggregation::period_of(const WindowId& id) const {
    return start_of_window(id.start, std::get<Noise>(rules_.protection).period);
}

model::Result<Aggregation::Outcome> Aggregation::outcome_of(const WindowId& id) {
    const auto open = windows_.find(id);
    if (open != windows_.end() && open->second.closed) {
        const GroupDecision closed{open->second.closed, 0, 0};
        return Outcome{std::vector<GroupDecision>(registry_.groups().size(), closed), false};
    }
    if (const auto* noise = std::get_if<Noise>(&rules_.protection))
        return noisy_outcome(id, *noise);
    const auto thresholds = std::get<Thresholds>(rules_.protection);
    return Outcome{decide(registry_, thresholds, open->second.totals), false};
}

model::Result<Aggregation::Outcome> Aggregation::noisy_outcome(
    const WindowId& id, const Noise& noise
) {
    const std::int64_t period = period_of(id);
    const auto spent = tables_.spent(period, period + noise.period.count());
    if (!spent) return spent.error();
    const auto after = sum(*spent, noise.epsilon);
    if (!after || !at_most(*after, noise.cap)) {
        const GroupDecision beyond{Suppression::budget, 0, 0};
        return Outcome{std::vector<GroupDecision>(registry_.groups().size(), beyond), false};
    }
    const auto open = windows_.find(id);
    const WindowTotals nothing(registry_.meters());
    RandomBits bits(at_.entropy);
    auto groups =
        noisy_sums(registry_, noise, open == windows_.end() ? nothing : open->second.totals, bits);
    if (!groups) return groups.error();
    return Outcome{std::move(*groups), true};
}

model::Result<void> Aggregation::release(const WindowId& id) {
    const auto outcome = outcome_of(id);
    if (!outcome) return outcome.error();
    Counts counts = counts_;
    ++counts[Count::releases];
    for (const GroupDecision& group : outcome->groups) {
        if (group.suppressed) ++counts[*group.suppressed];
    }
    DatasetRow row = row_;
    std::int64_t& closed = id.part == 0 ? row.horizon : row.corrected;
    closed = std::max(closed, next_start(id.start + rules_.window.count()));
    const std::string body = frozen_result(rules_, id, registry_, outcome->groups);
    const auto open = windows_.find(id);
    auto done = at_.file.release([&]() -> model::Result<void> {
        if (auto frozen = tables_.freeze(id, body); !frozen) return frozen;
        if (outcome->costs_budget) {
            const Fraction cost = std::get<Noise>(rules_.protection).epsilon;
            if (auto spent = tables_.spend(period_of(id), id.start, cost); !spent) return spent;
        }
        if (open != windows_.end()) {
            const std::int64_t number = open->second.row;
            if (auto removed = tables_.remove_contributions(number); !removed) return removed;
            if (auto marked = tables_.mark_released(number); !marked) return marked;
        }
        if (auto saved = tables_.save_counts(counts_, counts); !saved) return saved;
        return tables_.save(row);
    });
    if (!done) return fail(done);
    row_ = row;
    counts_ = counts;
    if (open == windows_.end()) return {};
    const std::int64_t number = open->second.row;
    windows_.erase(open);
    return fail(destroy_key(id, number));
}

// The row goes last: as long as it is there, the next opening destroys the key.
model::Result<void> Aggregation::destroy_key(const WindowId& id, std::int64_t row) {
    if (auto destroyed = at_.keys.destroy(key_name(id)); !destroyed) return destroyed;
    return at_.file.transact([&] { return tables_.remove_window(row); });
}

}  // namespace gateway::aggregate
