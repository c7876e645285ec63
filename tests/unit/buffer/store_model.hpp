#pragma once
#include "gateway/buffer/gap.hpp"
#include "gateway/buffer/queue_state.hpp"
#include "gateway/buffer/session_mark.hpp"
#include "gateway/model/time.hpp"
#include "gateway/settings/settings.hpp"

#include <cstdint>
#include <deque>
#include <map>
#include <set>
#include <string>
#include <vector>

namespace tests::buffer {

// What an outbox is to do, too simple to be wrong: every reading by itself, by its sequence.
class StoreModel {
  public:
    using Sequence = std::uint64_t;
    using Lane = gateway::buffer::Lane;

    struct Segment {
        Sequence first;
        Sequence end;
        gateway::model::Instant stored_at;
    };

    struct OpenBatch {
        bool is_open = false;  // when it is evicted it is not, and its gaps stay until the next
        std::vector<Sequence> readings;
        std::uint64_t gaps = 0;  // readings that it tells are lost
    };

    struct Queue {
        std::vector<std::set<Sequence>> backlog;
        std::set<Sequence> live;
        std::map<Lane, OpenBatch> open;
        std::uint64_t gaps = 0;  // readings lost and not told yet, those in batches apart
        std::uint64_t told = 0;

        std::set<Sequence>* lane(Lane lane);
        std::uint64_t waiting() const;
        bool lose(Sequence sequence);
        void reopen(Lane of);
    };

    struct Counts {
        std::uint64_t delivered = 0;
        std::uint64_t dead = 0;
        std::uint64_t evicted = 0;
    };

    // Of one dataset and uplink each.
    Queue& queue(const std::string& uplink, const std::string& dataset) {
        return queues[uplink][dataset];
    }

    void store(const std::string& dataset, std::uint64_t count, gateway::model::Instant now);

    // The batch that is open, or a new one; not open when there is none.
    const OpenBatch& open(Queue& queue, Lane lane, std::size_t readings_max) const;
    // The open batch is confirmed or buried: how many readings that are still there.
    std::uint64_t pass(const std::string& uplink, const std::string& dataset, Lane lane, bool told);
    bool set_aside(Queue& queue, Sequence until) const;

    void expire(const std::string& dataset, gateway::model::Instant before);
    // The oldest of the lowest priority goes; false when there is nothing.
    bool evict(const std::map<std::string, gateway::settings::Priority>& datasets);
    void prune(const std::string& dataset);

    Sequence last = 0;
    std::map<std::string, std::deque<Segment>> segments;
    std::map<std::string, std::map<std::string, Queue>> queues;
    std::map<std::string, Counts> counts;  // by uplink
    std::set<gateway::buffer::SessionMark> marks;

  private:
    void remove_first(const std::string& dataset);
};

}  // namespace tests::buffer
