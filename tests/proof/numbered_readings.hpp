#pragma once
#include "gateway/buffer/batch.hpp"
#include "tests/support/public_readings.hpp"

#include <cstdint>
#include <string>

namespace tests::proof {

// Readings that follow from a number, which is also their value: whoever gets one can tell whether
// all of it is as it was sent.
void add_numbered(support::PublicReadings& readings, std::uint64_t number);

// What differs from the reading of the number that is its value; empty if nothing does.
std::string differences(
    const gateway::buffer::StoredReading& reading, const gateway::buffer::Batch& batch
);

// The number that a reading's value says.
std::uint64_t number_of(const gateway::buffer::StoredReading& reading);

}  // namespace tests::proof
