#include "promises.hpp"

#include "numbered_readings.hpp"

#include <algorithm>
#include <iterator>
#include <numeric>

namespace tests::proof {

using namespace gateway;
using buffer::StoreState;

namespace {

constexpr std::size_t kComplaintsMax = 10;

void complain(Promises::Complaints& complaints, std::string text) {
    if (complaints.size() < kComplaintsMax) complaints.push_back(std::move(text));
}

std::string at(std::size_t queue, std::uint64_t sequence) {
    return "queue " + std::to_string(queue) + ", sequence " + std::to_string(sequence) + ": ";
}

std::uint64_t count_between(
    const std::map<std::uint64_t, std::uint64_t>& numbers, std::uint64_t first, std::uint64_t end
) {
    if (first >= end) return 0;
    return static_cast<std::uint64_t>(
        std::distance(numbers.lower_bound(first), numbers.lower_bound(end))
    );
}

}  // namespace

std::uint64_t UnderWay::readings() const {
    std::uint64_t count = 0;
    for (const auto& dataset : numbers) count += dataset.size();
    return count;
}

void Promises::keep(const StoreState& now, std::span<const buffer::QueueName> queues) {
    using Kind = UnderWay::Kind;
    std::uint64_t sequence = now.last_sequence - under_way_.readings();
    for (std::size_t dataset = 0; dataset < under_way_.numbers.size(); ++dataset) {
        for (const std::uint64_t number : under_way_.numbers[dataset])
            readings_[dataset].emplace(++sequence, number);
        stored_[dataset] += under_way_.numbers[dataset].size();
    }
    refused_ += under_way_.refused;
    const std::size_t queue = under_way_.queue;
    if (under_way_.kind == Kind::confirm || under_way_.kind == Kind::bury) {
        const auto passed = count_between(
            readings_[queue_datasets_[queue]],
            state_.queues[queue].next_sequence,
            under_way_.last_sequence + 1
        );
        Counts& counts = counts_[queues[queue].uplink];
        (under_way_.kind == Kind::confirm ? counts.delivered : counts.dead) += passed;
    }
    state_ = now;
    under_way_ = {};
}

bool Promises::happened(const StoreState& now, Queues queues) const {
    const std::string& name = queues[under_way_.queue].uplink;
    const buffer::UplinkLedger& uplink = now.ledger.uplinks.at(name);
    const Counts counts = counts_of(name);
    switch (under_way_.kind) {
        case UnderWay::Kind::nothing:
        case UnderWay::Kind::open:
        case UnderWay::Kind::maintain:
        case UnderWay::Kind::open_batch:
        case UnderWay::Kind::reopen:
            return true;  // in whatever part: it changes nothing that is counted here
        case UnderWay::Kind::write:
            return now.last_sequence != state_.last_sequence ||
                   now.ledger.refused_total() != refused_;
        case UnderWay::Kind::confirm:
            return uplink.delivered != counts.delivered;
        case UnderWay::Kind::bury:
            return uplink.dead != counts.dead;
    }
    return false;
}

Promises::Counts Promises::counts_of(const std::string& uplink) const {
    const auto known = counts_.find(uplink);
    return known == counts_.end() ? Counts{} : known->second;
}

void Promises::compare_cursors(const StoreState& now, Complaints& complaints) const {
    using Kind = UnderWay::Kind;
    const Kind kind = under_way_.kind;
    constexpr auto kRetention = static_cast<std::size_t>(buffer::Eviction::retention);
    // The store was opened, which removes what is past its time.
    const bool expires = now.ledger.evicted[kRetention] > state_.ledger.evicted[kRetention];
    const bool evicts =
        kind == Kind::write || kind == Kind::maintain || kind == Kind::open || expires;
    for (std::size_t i = 0; i < state_.queues.size(); ++i) {
        const auto& was = state_.queues[i];
        const auto& is = now.queues[i];
        const bool concerned = i == under_way_.queue && kind != Kind::nothing && !evicts;
        const bool passes = concerned && (kind == Kind::confirm || kind == Kind::bury);
        if (is.next_sequence < was.next_sequence)
            complain(complaints, at(i, is.next_sequence) + "the cursor went back");
        if (is.next_sequence > was.next_sequence && !evicts &&
            !(passes && is.next_sequence == under_way_.last_sequence + 1))
            complain(complaints, at(i, is.next_sequence) + "the cursor went ahead");
        if (is.next_sequence == was.next_sequence && !concerned && is.open_last != was.open_last)
            complain(complaints, at(i, is.open_last) + "the open batch has other boundaries");
    }
}

void Promises::compare_ledger(
    const StoreState& now,
    std::span<const buffer::QueueName> queues,
    const std::vector<std::uint64_t>& found,
    Complaints& complaints
) const {
    constexpr auto kDamaged = static_cast<std::size_t>(buffer::Eviction::damaged);
    const auto& ledger = now.ledger;
    if (ledger.stored != std::accumulate(stored_.begin(), stored_.end(), std::uint64_t{0}))
        complain(complaints, "stored: " + std::to_string(ledger.stored));
    if (ledger.refused_total() != refused_)
        complain(complaints, "refused: " + std::to_string(ledger.refused_total()));
    if (ledger.evicted[kDamaged] != 0)
        complain(complaints, "damaged: " + std::to_string(ledger.evicted[kDamaged]));
    for (const auto& [name, uplink] : ledger.uplinks) {
        std::uint64_t stored = 0;
        std::uint64_t waiting = 0;
        for (std::size_t i = 0; i < queues.size(); ++i) {
            if (queues[i].uplink != name) continue;
            stored += stored_[queue_datasets_[i]];
            waiting += found[i];
        }
        const Counts counts = counts_of(name);
        if (uplink.stored != stored) complain(complaints, name + ": stored");
        if (uplink.delivered != counts.delivered) complain(complaints, name + ": delivered");
        if (uplink.dead != counts.dead) complain(complaints, name + ": dead");
        if (uplink.waiting() != waiting) complain(complaints, name + ": waiting");
        if (uplink.evicted[kDamaged] != 0) complain(complaints, name + ": damaged");
    }
}

std::uint64_t Promises::deliver(buffer::Store& store, std::size_t queue, Complaints& complaints)
    const {
    const Numbers& expected = readings_[queue_datasets_[queue]];
    auto next = expected.lower_bound(state_.queues[queue].next_sequence);
    std::uint64_t found = 0;
    while (true) {
        const auto batch = store.open_batch(queue, {});
        if (!batch) {
            complain(complaints, at(queue, 0) + batch.error().message());
            return found;
        }
        if (!*batch) break;
        for (const auto& reading : (*batch)->readings) {
            ++found;
            for (; next != expected.end() && next->first < reading.sequence; ++next)
                complain(complaints, at(queue, next->first) + "acknowledged and lost");
            const bool known = next != expected.end() && next->first == reading.sequence;
            if (!known || next->second != number_of(reading))
                complain(complaints, at(queue, reading.sequence) + "never written");
            const auto different = differences(reading, **batch);
            if (!different.empty())
                complain(complaints, at(queue, reading.sequence) + "other" + different);
            if (known) ++next;
        }
        if (!store.confirm(queue, (*batch)->last_sequence)) {
            complain(complaints, at(queue, 0) + "cannot be confirmed");
            return found;
        }
    }
    for (; next != expected.end(); ++next)
        complain(complaints, at(queue, next->first) + "acknowledged and lost");
    return found;
}

Promises::Complaints Promises::compare(buffer::Store& store) {
    Complaints complaints;
    const StoreState now = store.state();
    compare_cursors(now, complaints);
    const auto written = now.last_sequence - std::min(now.last_sequence, state_.last_sequence);
    const bool writes = under_way_.kind == UnderWay::Kind::write;
    if (now.last_sequence < state_.last_sequence ||
        (written != 0 && (!writes || written != under_way_.readings())))
        complain(complaints, "last sequence: " + std::to_string(now.last_sequence));
    if (!happened(now, store.queues())) drop();
    keep(now, store.queues());
    std::vector<std::uint64_t> found;
    for (std::size_t queue = 0; queue < store.queues().size(); ++queue)
        found.push_back(deliver(store, queue, complaints));
    compare_ledger(now, store.queues(), found, complaints);
    return complaints;
}

}  // namespace tests::proof
