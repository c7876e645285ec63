#pragma once
#include "gateway/buffer/store.hpp"

#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <vector>

namespace tests::proof {

// A call of the store that had not answered when the power went: it happened as a whole or not at
// all, but that a group without room for all of it may leave its lower priorities out.
struct UnderWay {
    enum class Kind {
        nothing,
        open,
        write,
        open_batch,
        reopen,
        confirm,
        bury,
        set_aside,
        maintain
    };
    Kind kind = Kind::nothing;
    std::size_t queue = 0;
    std::vector<std::uint64_t> sequences;             // of the batch
    std::vector<std::vector<std::uint64_t>> numbers;  // of the readings, by dataset
    std::uint64_t refused = 0;

    std::uint64_t readings() const;
    // As when only the datasets from this one on were written.
    void leave_out_before(std::size_t dataset);
};

// What a store has promised by its answers, written down beside it.
class Promises {
  public:
    using Complaints = std::vector<std::string>;
    using Numbers = std::map<std::uint64_t, std::uint64_t>;  // of the readings by sequence

    // `queue_datasets` are the positions of the datasets of the store's queues.
    Promises(std::size_t datasets, std::vector<std::size_t> queue_datasets)
        : readings_(datasets),
          pending_(queue_datasets.size()),
          queue_datasets_(std::move(queue_datasets)) {
        state_.queues.resize(queue_datasets_.size());
        for (auto& queue : state_.queues) queue.live.next_sequence = 1;
    }

    void begin(UnderWay call) { under_way_ = std::move(call); }
    // The call that began has answered that it is done.
    void keep(const gateway::buffer::Store& store) { keep(store.state(), store.queues()); }
    // It has answered that it did nothing, or only for the datasets from this one on.
    void drop() { under_way_ = {}; }
    void leave_out_before(std::size_t dataset) { under_way_.leave_out_before(dataset); }
    const gateway::buffer::StoreState& state() const { return state_; }
    // Everything acknowledged for a queue; and of that what it still has to deliver.
    const Numbers& readings(std::size_t queue) const { return readings_[queue_datasets_[queue]]; }
    const Numbers& pending(std::size_t queue) const { return pending_[queue]; }

    // Compares a store opened after a power cut with the promises, and delivers all it has. What it
    // says about the call that was under way counts from now on.
    Complaints compare(gateway::buffer::Store& store);

  private:
    struct Counts {
        std::uint64_t delivered = 0;
        std::uint64_t dead = 0;
    };
    using State = gateway::buffer::StoreState;
    using Queues = std::span<const gateway::buffer::QueueName>;

    void keep(const State& now, Queues queues);
    void count_written(const State& now);
    void count_passed(Queues queues);
    void forget_evicted(const State& now);
    bool happened(const State& now, Queues queues);
    bool has_written(const State& now);
    Counts counts_of(const std::string& uplink) const;
    void compare_queues(const State& now, Complaints& complaints) const;
    void compare_ledger(
        const State& now,
        Queues queues,
        const std::vector<std::uint64_t>& found,
        Complaints& complaints
    ) const;
    std::uint64_t deliver(gateway::buffer::Store& store, std::size_t queue, Complaints& complaints)
        const;

    std::vector<Numbers> readings_;  // by dataset
    std::vector<Numbers> pending_;   // by queue
    std::map<std::string, Counts> counts_;
    std::uint64_t refused_ = 0;
    State state_;
    UnderWay under_way_;
    std::vector<std::size_t> queue_datasets_;
};

}  // namespace tests::proof
