#pragma once
#include "tests/bench/load/latencies.hpp"
#include "tests/bench/load/number_set.hpp"

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>

namespace bench {

// What a recipient got, counted closely enough to ask afterwards what is missing and what came
// twice, and cheaply enough to stand beside what it measures. Takes batches as the http uplink
// sends them by default: passerelle.v1.Batch, zstd.
//
// Two keys tell readings apart: (gateway, sequence), which the gateway gives, and (device,
// quantity, time), which the device gives; a meter's readings are a second apart
// (meter_payload.hpp), so that their times are their numbers. Readings of after `live_since` are
// live: of those of after the first batch, when the gateway knew that the recipient is there, it is
// kept how long they took to arrive.
class BatchTally {
  public:
    explicit BatchTally(std::int64_t live_since_ms);
    ~BatchTally();

    enum class Verdict { taken, repeated, unreadable };
    // `key` is the batch's Idempotency-Key; a known one is not counted again.
    Verdict take(std::string_view key, std::string_view body, std::int64_t now_ms);

    // One JSON object of all counts.
    std::string to_json() const;

    // "meter-000001 energy.active 0-41,43": the numbers of each device, by its name here.
    std::string readings_by_device() const;

  private:
    struct Columns;  // a batch, unpacked
    struct Live {
        std::uint64_t count = 0;
        Latencies latencies;
    };
    using Name = std::string;

    bool unpack(std::string_view body);
    void count_sequences();
    bool count_readings(std::int64_t now_ms);

    std::int64_t live_since_ms_;
    std::optional<std::int64_t> first_batch_ms_;
    std::unique_ptr<Columns> columns_;
    std::unordered_set<std::string> keys_;
    std::map<Name, NumberSet> sequences_;           // by gateway
    std::unordered_map<Name, NumberSet> readings_;  // by device and quantity
    std::map<Name, Live> live_;                     // by dataset
    std::uint64_t repeated_batches_ = 0;
    std::uint64_t unreadable_batches_ = 0;
    std::uint64_t bytes_ = 0;
    std::uint64_t total_ = 0;
    std::uint64_t repeated_sequences_ = 0;
    std::uint64_t repeated_readings_ = 0;
};

}  // namespace bench
