#include "gateway/buffer/page_checksum.hpp"

#include <zlib.h>

#include <algorithm>
#include <array>

namespace gateway::buffer {
namespace {

constexpr std::size_t kWordBytes = 4;
constexpr std::uint32_t kSealed = 0x31727370;  // "psr1"

using Word = std::array<std::byte, kWordBytes>;

Word word(std::uint32_t value) {
    Word bytes{};
    for (unsigned i = 0; i < kWordBytes; ++i) bytes[i] = static_cast<std::byte>(value >> (8 * i));
    return bytes;
}

Word checksum(std::span<const std::byte> bytes, std::uint32_t number) {
    const Word named = word(number);
    unsigned long sum = crc32_z(0, reinterpret_cast<const Bytef*>(named.data()), named.size());
    sum = crc32_z(sum, reinterpret_cast<const Bytef*>(bytes.data()), bytes.size());
    return word(static_cast<std::uint32_t>(sum));
}

}  // namespace

void seal_page(std::span<std::byte> page, std::uint32_t number) {
    const auto sum = page.last(kWordBytes);
    const Word sealed = word(kSealed);
    std::copy(sealed.begin(), sealed.end(), page.last(kPageReserveBytes).begin());
    const Word made = checksum(page.first(page.size() - kWordBytes), number);
    std::copy(made.begin(), made.end(), sum.begin());
}

bool is_intact(std::span<const std::byte> page, std::uint32_t number) {
    const auto sum = page.last(kWordBytes);
    const Word sealed = word(kSealed);
    const Word made = checksum(page.first(page.size() - kWordBytes), number);
    const bool right =
        std::equal(made.begin(), made.end(), sum.begin()) &&
        std::equal(sealed.begin(), sealed.end(), page.last(kPageReserveBytes).begin());
    return right ||
           std::all_of(page.begin(), page.end(), [](std::byte b) { return b == std::byte{0}; });
}

}  // namespace gateway::buffer
