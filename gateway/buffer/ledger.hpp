#pragma once
#include "gateway/buffer/eviction.hpp"
#include "gateway/model/refusal.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <map>
#include <string>

namespace gateway::buffer {

struct UplinkLedger {
    std::uint64_t stored = 0;     // readings of its datasets stored since it was first configured
    std::uint64_t delivered = 0;  // confirmed by the recipient
    std::uint64_t dead = 0;       // refused by the recipient for good, kept as dead letters
    std::array<std::uint64_t, kEvictionCount>
        evicted{};  // removed before this recipient confirmed them

    bool operator==(const UplinkLedger&) const = default;

    std::uint64_t evicted_total() const;
    // stored = delivered + waiting + dead + evicted, by construction; the store checks it against
    // its rows.
    std::uint64_t waiting() const { return stored - delivered - dead - evicted_total(); }
};

// The counts by which nothing disappears silently. Kept in the database and changed in the same
// transaction as the readings they count. received = stored + refused at every instant.
struct Ledger {
    std::uint64_t stored = 0;
    std::array<std::uint64_t, model::kRefusalCount> refused{};
    std::array<std::uint64_t, kEvictionCount>
        evicted{};  // removed before every recipient had confirmed them
    std::map<std::string, UplinkLedger> uplinks;

    bool operator==(const Ledger&) const = default;

    std::uint64_t refused_total() const;
    std::uint64_t received() const { return stored + refused_total(); }
};

}  // namespace gateway::buffer
