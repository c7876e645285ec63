#include "store_model.hpp"

#include <algorithm>
#include <utility>

namespace tests::buffer {

using gateway::settings::Priority;
namespace model = gateway::model;

std::set<StoreModel::Sequence>* StoreModel::Queue::lane(Lane lane) {
    if (lane == Lane::live) return &live;
    while (!backlog.empty() && backlog.front().empty()) backlog.erase(backlog.begin());
    return backlog.empty() ? nullptr : &backlog.front();
}

std::uint64_t StoreModel::Queue::waiting() const {
    std::uint64_t readings = live.size();
    for (const auto& part : backlog) readings += part.size();
    return readings;
}

bool StoreModel::Queue::lose(Sequence sequence) {
    const auto lose_from = [&](std::set<Sequence>& readings, Lane of) {
        if (readings.erase(sequence) == 0) return false;
        ++gaps;
        open[of].is_open = false;
        return true;
    };
    bool lost = lose_from(live, Lane::live);
    for (auto& part : backlog) lost = lose_from(part, Lane::backlog) || lost;
    return lost;
}

void StoreModel::Queue::reopen(Lane of) {
    gaps += std::exchange(open[of], {}).gaps;
}

void StoreModel::store(const std::string& dataset, std::uint64_t count, model::Instant now) {
    segments[dataset].push_back({last + 1, last + 1 + count, now});
    for (std::uint64_t i = 0; i < count; ++i) {
        ++last;
        for (auto& [uplink, of] : queues) of[dataset].live.insert(last);
    }
}

const StoreModel::OpenBatch& StoreModel::open(Queue& queue, Lane lane, std::size_t readings_max)
    const {
    static const OpenBatch kNone;
    const auto* readings = queue.lane(lane);
    if (readings == nullptr) return kNone;
    OpenBatch& batch = queue.open[lane];
    if (batch.is_open) return batch;
    const bool gaps_alone = lane == Lane::live && queue.waiting() == 0;
    if (readings->empty() && !gaps_alone) return kNone;
    queue.reopen(lane);
    if (queue.lane(Lane::backlog) == nullptr) queue.reopen(Lane::backlog);
    for (const Sequence sequence : *readings) {
        if (batch.readings.size() < readings_max) batch.readings.push_back(sequence);
    }
    if (gaps_alone || readings_max > 1) batch.gaps = std::exchange(queue.gaps, 0);
    batch.is_open = !batch.readings.empty() || batch.gaps > 0;
    return batch;
}

std::uint64_t StoreModel::pass(
    const std::string& uplink, const std::string& dataset, Lane lane, bool told
) {
    Queue& of = queue(uplink, dataset);
    const auto batch = std::exchange(of.open[lane], {});
    (told || batch.readings.empty() ? of.told : of.gaps) += batch.gaps;
    std::uint64_t passed = 0;
    if (auto* readings = of.lane(lane)) {
        for (const Sequence sequence : batch.readings) passed += readings->erase(sequence);
    }
    prune(dataset);
    return passed;
}

bool StoreModel::set_aside(Queue& queue, Sequence until) const {
    constexpr auto kPartsMax = gateway::buffer::QueueState::kBacklogRangesMax;
    if (queue.open[Lane::live].is_open) return false;
    std::erase_if(queue.backlog, [](const auto& part) { return part.empty(); });
    if (queue.live.empty() || queue.backlog.size() >= kPartsMax) return true;
    const auto end = queue.live.upper_bound(until);
    std::set<Sequence> newer(end, queue.live.end());
    queue.live.erase(end, queue.live.end());
    if (queue.live.empty()) {
        queue.live = std::move(newer);
        return true;
    }
    queue.backlog.push_back(std::exchange(queue.live, std::move(newer)));
    return true;
}

void StoreModel::remove_first(const std::string& dataset) {
    const Segment segment = segments[dataset].front();
    segments[dataset].pop_front();
    for (auto& [uplink, of] : queues) {
        for (Sequence n = segment.first; n < segment.end; ++n) {
            if (of[dataset].lose(n)) ++counts[uplink].evicted;
        }
    }
}

void StoreModel::expire(const std::string& dataset, model::Instant before) {
    auto& all = segments[dataset];
    while (!all.empty() && all.front().stored_at <= before) remove_first(dataset);
}

bool StoreModel::evict(const std::map<std::string, Priority>& datasets) {
    const std::string* victim = nullptr;
    for (const auto& [name, priority] : datasets) {
        if (segments[name].empty()) continue;
        const auto rank = [&](const std::string& of) {
            return std::pair(datasets.at(of), segments[of].front().first);
        };
        if (victim == nullptr || rank(name) < rank(*victim)) victim = &name;
    }
    if (victim == nullptr) return false;
    remove_first(*victim);
    return true;
}

// Segments whose readings every uplink has, as far as all before them are so.
void StoreModel::prune(const std::string& dataset) {
    auto& all = segments[dataset];
    const auto awaited = [&](const Segment& segment) {
        return std::any_of(queues.begin(), queues.end(), [&](auto& entry) {
            const auto within = [&](const std::set<Sequence>& readings) {
                const auto at = readings.lower_bound(segment.first);
                return at != readings.end() && *at < segment.end;
            };
            const Queue& of = entry.second[dataset];
            return within(of.live) || std::any_of(of.backlog.begin(), of.backlog.end(), within);
        });
    };
    while (!all.empty() && !awaited(all.front())) all.pop_front();
}

}  // namespace tests::buffer
