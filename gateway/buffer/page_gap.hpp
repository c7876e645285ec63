#pragma once
#include <cstddef>
#include <cstdint>
#include <span>

namespace gateway::buffer {

// Zeroes what is in no row of a page of a database: the gap between the places of its rows and the
// rows (https://sqlite.org/fileformat2.html, section 1.6). SQLite never reads it, and leaves there
// what it has moved to other pages, secure_delete or not. Pages of another kind, and such as do not
// keep the format, stay as they are.
//
// A page that only goes on another one's row begins with the number of the page after it, of which
// the first byte is zero up to kTellablePages: beyond that it could be taken for one with rows, and
// nothing may be zeroed.
inline constexpr std::uint64_t kTellablePages = 1U << 24;
void wipe_gap(std::span<std::byte> page, std::uint32_t number);

}  // namespace gateway::buffer
