#pragma once
#include "gateway/buffer/erasure.hpp"
#include "gateway/buffer/gap.hpp"
#include "gateway/model/decimal.hpp"
#include "gateway/model/time.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace gateway::buffer {

// A stored reading inside a Batch; the indices point into the batch's dictionaries.
struct StoredReading {
    std::uint64_t sequence = 0;
    std::uint32_t device = 0;
    std::uint32_t quantity = 0;
    std::uint32_t attributes = 0;
    model::TimeQuality time_quality = model::TimeQuality::gateway;
    model::Decimal value;
    model::Instant observed_at{};
};

struct QuantityName {
    std::string name;
    std::string unit;

    bool operator==(const QuantityName&) const = default;
};

// Consecutive readings of one dataset, in the order of their sequences, as an uplink sends them,
// with the gaps and erasures that came to be before it. When no reading waits, it has those alone,
// and the first and last sequence of the gaps, or of the last erased readings if there are none.
// The same batch is always made again from the same boundaries: its readings, their order and the
// order of the dictionaries (first use) do not depend on when or how often it is read.
struct Batch {
    std::string dataset;
    std::uint64_t first_sequence = 0;
    std::uint64_t last_sequence = 0;
    std::vector<StoredReading> readings;
    std::vector<std::string> devices;
    std::vector<QuantityName> quantities;
    std::vector<std::string> attributes;  // JSON objects; the first is always "{}"
    std::vector<Gap> gaps;                // what the recipient will never get
    std::vector<Erasure> erasures{};      // what it must forget
};

}  // namespace gateway::buffer
