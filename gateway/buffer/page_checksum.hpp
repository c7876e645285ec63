#pragma once
#include <cstddef>
#include <cstdint>
#include <span>

namespace gateway::buffer {

// SQLite leaves the last bytes of every page of the database file to us: four that say so, and the
// CRC-32 of the page's number and of all that precedes (both little endian). A page that a bit has
// changed in, or that lies where another belongs, is never taken for a good one.
inline constexpr int kPageReserveBytes = 8;

void seal_page(std::span<std::byte> page, std::uint32_t number);

// Whether the page is as it was written; one that never was, all zero, is.
bool is_intact(std::span<const std::byte> page, std::uint32_t number);

}  // namespace gateway::buffer
