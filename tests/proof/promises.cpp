#include "promises.hpp"

#include "numbered_readings.hpp"

#include <algorithm>
#include <tuple>

namespace tests::proof {

using namespace gateway;
using buffer::Lane;
using buffer::QueueState;
using buffer::StoreState;

namespace {

constexpr std::size_t kComplaintsMax = 10;

void complain(Promises::Complaints& complaints, std::string text) {
    if (complaints.size() < kComplaintsMax) complaints.push_back(std::move(text));
}

std::string at(std::size_t queue, std::uint64_t sequence) {
    return "queue " + std::to_string(queue) + ", sequence " + std::to_string(sequence) + ": ";
}

// Whether the queue has the sequence still before it.
bool awaits(const QueueState& queue, std::uint64_t sequence) {
    const auto within = [sequence](const buffer::QueueRange& range) {
        return sequence >= range.next_sequence && sequence < range.end_sequence;
    };
    return within(queue.live) || std::any_of(queue.backlog.begin(), queue.backlog.end(), within);
}

// Where its ranges begin and end, and what of them is in an open batch.
auto boundaries(const QueueState& queue) {
    std::vector<std::tuple<std::uint64_t, std::uint64_t, std::uint64_t>> found;
    const auto add = [&](const buffer::QueueRange& range) {
        found.emplace_back(range.next_sequence, range.end_sequence, range.open_last);
    };
    std::for_each(queue.backlog.begin(), queue.backlog.end(), add);
    add(queue.live);
    return found;
}

}  // namespace

std::uint64_t UnderWay::readings() const {
    std::uint64_t count = 0;
    for (const auto& dataset : numbers) count += dataset.size();
    return count;
}

void UnderWay::leave_out_before(std::size_t dataset) {
    for (std::size_t i = 0; i < dataset; ++i) numbers[i].clear();
}

void Promises::keep(const StoreState& now, Queues queues) {
    count_written(now);
    count_passed(queues);
    forget_evicted(now);
    state_ = now;
    under_way_ = {};
}

void Promises::count_written(const StoreState& now) {
    std::uint64_t sequence = now.last_sequence - under_way_.readings();
    for (std::size_t dataset = 0; dataset < under_way_.numbers.size(); ++dataset) {
        for (const std::uint64_t number : under_way_.numbers[dataset]) {
            readings_[dataset].emplace(++sequence, number);
            for (std::size_t queue = 0; queue < pending_.size(); ++queue) {
                if (queue_datasets_[queue] == dataset) pending_[queue].emplace(sequence, number);
            }
        }
    }
    refused_ += under_way_.refused;
}

void Promises::count_passed(Queues queues) {
    const bool confirms = under_way_.kind == UnderWay::Kind::confirm;
    if (!confirms && under_way_.kind != UnderWay::Kind::bury) return;
    Counts& counts = counts_[queues[under_way_.queue].uplink];
    for (const std::uint64_t sequence : under_way_.sequences)
        (confirms ? counts.delivered : counts.dead) += pending_[under_way_.queue].erase(sequence);
}

void Promises::forget_evicted(const StoreState& now) {
    if (now.ledger.evicted == state_.ledger.evicted) return;
    for (std::size_t queue = 0; queue < pending_.size(); ++queue) {
        std::erase_if(pending_[queue], [&](const auto& reading) {
            return !awaits(now.queues[queue], reading.first);
        });
    }
}

Promises::Counts Promises::counts_of(const std::string& uplink) const {
    const auto known = counts_.find(uplink);
    return known == counts_.end() ? Counts{} : known->second;
}

bool Promises::happened(const StoreState& now, Queues queues) {
    const std::string& name = queues[under_way_.queue].uplink;
    const buffer::UplinkLedger& uplink = now.ledger.uplinks.at(name);
    switch (under_way_.kind) {
        case UnderWay::Kind::write:
            return has_written(now);
        case UnderWay::Kind::confirm:
            return uplink.delivered != counts_of(name).delivered;
        case UnderWay::Kind::bury:
            return uplink.dead != counts_of(name).dead;
        default:
            return true;  // in whatever part: it changes nothing that is counted here
    }
}

bool Promises::has_written(const StoreState& now) {
    const std::uint64_t written = now.last_sequence - state_.last_sequence;
    for (std::size_t dataset = 1; written < under_way_.readings(); ++dataset) {
        if (dataset == under_way_.numbers.size()) return false;
        if (written > 0) leave_out_before(dataset);
    }
    return written > 0 || now.ledger.refused_total() != refused_;
}

void Promises::compare_queues(const StoreState& now, Complaints& complaints) const {
    using Kind = UnderWay::Kind;
    constexpr auto kRetention = static_cast<std::size_t>(buffer::Eviction::retention);
    const Kind kind = under_way_.kind;
    // The store was opened, which removes what is past its time.
    const bool expires = now.ledger.evicted[kRetention] > state_.ledger.evicted[kRetention];
    const bool evicts =
        kind == Kind::write || kind == Kind::maintain || kind == Kind::open || expires;
    for (std::size_t i = 0; i < state_.queues.size(); ++i) {
        const bool concerned = i == under_way_.queue && kind != Kind::nothing;
        if (!concerned && !evicts && boundaries(now.queues[i]) != boundaries(state_.queues[i]))
            complain(complaints, at(i, 0) + "other boundaries");
        for (const auto& [sequence, number] : readings(i)) {
            const bool waits = awaits(now.queues[i], sequence);
            const bool waited = pending_[i].contains(sequence);
            const auto& batch = under_way_.sequences;
            const bool passes =
                concerned && std::find(batch.begin(), batch.end(), sequence) != batch.end();
            if (waits && !waited) complain(complaints, at(i, sequence) + "the cursor went back");
            if (!waits && waited && !evicts && !passes)
                complain(complaints, at(i, sequence) + "the cursor went ahead");
        }
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
    std::uint64_t written = 0;
    for (const Numbers& dataset : readings_) written += dataset.size();
    if (ledger.stored != written) complain(complaints, "stored: " + std::to_string(ledger.stored));
    if (ledger.refused_total() != refused_)
        complain(complaints, "refused: " + std::to_string(ledger.refused_total()));
    if (ledger.evicted[kDamaged] != 0)
        complain(complaints, "damaged: " + std::to_string(ledger.evicted[kDamaged]));
    for (const auto& [name, uplink] : ledger.uplinks) {
        std::uint64_t stored = 0;
        std::uint64_t waiting = 0;
        for (std::size_t i = 0; i < queues.size(); ++i) {
            if (queues[i].uplink != name) continue;
            stored += readings(i).size();
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
    Numbers left = pending_[queue];
    std::uint64_t found = 0;
    for (const Lane lane : {Lane::backlog, Lane::live}) {
        const buffer::QueueLane from{queue, lane};
        while (true) {
            const auto batch = store.open_batch(from, {});
            if (!batch) {
                complain(complaints, at(queue, 0) + batch.error().message());
                return found;
            }
            if (!*batch) break;
            for (const auto& reading : (*batch)->readings) {
                ++found;
                const auto known = left.find(reading.sequence);
                if (known == left.end() || known->second != number_of(reading))
                    complain(complaints, at(queue, reading.sequence) + "never written, or twice");
                const auto different = differences(reading, **batch);
                if (!different.empty())
                    complain(complaints, at(queue, reading.sequence) + "other" + different);
                if (known != left.end()) left.erase(known);
            }
            if (!store.confirm(from, (*batch)->last_sequence)) {
                complain(complaints, at(queue, 0) + "cannot be confirmed");
                return found;
            }
        }
    }
    for (const auto& [sequence, number] : left)
        complain(complaints, at(queue, sequence) + "acknowledged and lost");
    return found;
}

Promises::Complaints Promises::compare(buffer::Store& store) {
    Complaints complaints;
    const StoreState now = store.state();
    compare_queues(now, complaints);
    if (!happened(now, store.queues())) drop();
    const std::uint64_t last = state_.last_sequence + under_way_.readings();
    if (now.last_sequence != last)
        complain(complaints, "last sequence: " + std::to_string(now.last_sequence));
    keep(now, store.queues());
    std::vector<std::uint64_t> found;
    for (std::size_t queue = 0; queue < store.queues().size(); ++queue)
        found.push_back(deliver(store, queue, complaints));
    compare_ledger(now, store.queues(), found, complaints);
    return complaints;
}

}  // namespace tests::proof
