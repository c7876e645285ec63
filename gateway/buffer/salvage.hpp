#pragma once
#include "gateway/anonymise/key_ring.hpp"
#include "gateway/model/result.hpp"

#include <cstdint>
#include <string>

namespace gateway::buffer {

// What was found in a damaged store and is in the new one.
struct Salvaged {
    std::uint64_t readings = 0;
    std::uint64_t dead_letters = 0;
    std::uint64_t pages_damaged = 0;
    bool ledger_found = false;  // otherwise the books begin anew with what is there
};

// Makes a new store, at `into`, of what is readable at `from`, whatever has become of it: page by
// page, since a part of it may be all that is left. A row is taken from a page whose checksum is
// right, a segment if its body opens and is whole, too, and its dataset and all its devices are
// known. Readings keep their sequences; cursors, open batches, counts and dead letters stay. What
// is missing the opening of the new store counts, which the new store asks of it by a counter of
// its ledger, "salvaged": one more than the readings missing among those that the books found do
// not know yet. `into` must not exist; it is complete and synced when this answers.
model::Result<Salvaged> salvage(
    const std::string& from,
    const std::string& into,
    const std::string& vfs = {},
    anonymise::KeyRing* keys = nullptr
);

}  // namespace gateway::buffer
