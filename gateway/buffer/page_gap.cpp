#include "gateway/buffer/page_gap.hpp"

#include "gateway/buffer/page_checksum.hpp"

#include <algorithm>

namespace gateway::buffer {
namespace {

constexpr std::size_t kFileHeaderBytes = 100;  // before the header of page 1
constexpr std::size_t kLeafHeaderBytes = 8;
constexpr std::size_t kInteriorHeaderBytes = 12;
constexpr std::size_t kPlaceBytes = 2;  // of a row
constexpr std::byte kIndexInterior{0x02};
constexpr std::byte kTableInterior{0x05};
constexpr std::byte kIndexLeaf{0x0a};
constexpr std::byte kTableLeaf{0x0d};

std::size_t big_endian_16(std::span<const std::byte> page, std::size_t at) {
    return std::to_integer<std::size_t>(page[at]) << 8 | std::to_integer<std::size_t>(page[at + 1]);
}

// Of a page with rows; of any other none.
std::size_t header_bytes(std::byte kind) {
    if (kind == kIndexLeaf || kind == kTableLeaf) return kLeafHeaderBytes;
    if (kind == kIndexInterior || kind == kTableInterior) return kInteriorHeaderBytes;
    return 0;
}

}  // namespace

void wipe_gap(std::span<std::byte> page, std::uint32_t number) {
    const std::size_t header = number == 1 ? kFileHeaderBytes : 0;
    const std::size_t size = header_bytes(page[header]);
    if (size == 0) return;
    const std::size_t rows = big_endian_16(page, header + 3);
    const std::size_t from = header + size + kPlaceBytes * rows;
    const std::size_t to = big_endian_16(page, header + 5);
    if (from > to || to > page.size() - kPageReserveBytes) return;
    const auto gap = page.subspan(from, to - from);
    std::fill(gap.begin(), gap.end(), std::byte{0});
}

}  // namespace gateway::buffer
