#include "gateway/buffer/page_gap.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <array>

using namespace gateway::buffer;

namespace {

constexpr std::size_t kPageBytes = 4096;
constexpr std::byte kOld{0x61};
using Page = std::array<std::byte, kPageBytes>;

void set_16(Page& page, std::size_t at, std::size_t value) {
    page[at] = static_cast<std::byte>(value >> 8);
    page[at + 1] = static_cast<std::byte>(value & 0xff);
}

// A page with two rows, from 4000 on, and remains everywhere else.
Page page_of(unsigned kind, std::size_t header = 0) {
    Page page;
    page.fill(kOld);
    page[header] = static_cast<std::byte>(kind);
    set_16(page, header + 1, 0);
    set_16(page, header + 3, 2);
    set_16(page, header + 5, 4000);
    return page;
}

void check_wiped(const Page& before, std::uint32_t number, std::size_t from) {
    Page page = before;
    wipe_gap(page, number);
    Page expected = before;
    std::fill(
        expected.begin() + static_cast<std::ptrdiff_t>(from), expected.begin() + 4000, std::byte{0}
    );
    CHECK(page == expected);
}

void check_untouched(const Page& before, std::uint32_t number = 2) {
    Page page = before;
    wipe_gap(page, number);
    CHECK(page == before);
}

}  // namespace

TEST_CASE("the gap of a page with rows is wiped, and nothing else of it", "[buffer]") {
    check_wiped(page_of(0x0d), 2, 8 + 4);
    check_wiped(page_of(0x0a), 2, 8 + 4);
    check_wiped(page_of(0x05), 2, 12 + 4);
    check_wiped(page_of(0x02), 2, 12 + 4);
    check_wiped(page_of(0x0d, 100), 1, 108 + 4);
}

TEST_CASE("a page without rows, or against the format, stays as it is", "[buffer]") {
    check_untouched(page_of(0x00));  // goes on another one's row
    check_untouched(page_of(0x01));
    check_untouched(page_of(0x0d), 1);  // its header is elsewhere
    Page page = page_of(0x0d);
    set_16(page, 5, 0);  // 65536, which no page of this size has
    check_untouched(page);
    set_16(page, 5, kPageBytes - 7);  // in what is not SQLite's
    check_untouched(page);
    page = page_of(0x0d);
    set_16(page, 3, 0xffff);
    check_untouched(page);
}
