#include <catch2/catch.hpp>
#include <malloc.h>

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <span>

namespace {

constexpr char kMark = 'x';

std::size_t marks_in(const void* block, std::size_t bytes) {
    const std::span<const volatile char> content(static_cast<const char*>(block), bytes);
    return static_cast<std::size_t>(std::count(content.begin(), content.end(), kMark));
}

// What is left of a block that was given back. glibc links free blocks through their first two
// words, and an address may hold the byte of a mark.
constexpr std::size_t kLinks = 2 * sizeof(void*);

std::size_t marks_left_in(const void* block, std::size_t bytes) {
    return marks_in(static_cast<const char*>(block) + kLinks, bytes - kLinks);
}

// A block full of marks. The compiler may not see that it comes from the heap.
char* marked(std::size_t bytes) {
    void* volatile block = std::malloc(bytes);
    std::fill_n(static_cast<char*>(block), bytes, kMark);
    return static_cast<char*>(block);
}

// glibc gives out the block that came last.
void* taken_again(std::uintptr_t address, std::size_t bytes) {
    void* volatile block = std::malloc(bytes);
    REQUIRE(reinterpret_cast<std::uintptr_t>(block) == address);
    return block;
}

std::uintptr_t address_of(const char* block) {
    return reinterpret_cast<std::uintptr_t>(block);
}

}  // namespace

TEST_CASE("what is given back to the heap is overwritten", "[heap]") {
    const auto bytes = GENERATE(24UL, 200UL, 5'000UL, 60'000UL);
    char* first = marked(bytes);
    const auto address = address_of(first);
    std::free(first);
    void* again = taken_again(address, bytes);
    CHECK(marks_left_in(again, bytes) == 0);
    std::free(again);
}

TEST_CASE("a block that grows leaves nothing where it was", "[heap]") {
    char* first = marked(200);
    const auto address = address_of(first);
    void* larger = std::realloc(first, 10'000);
    CHECK(marks_in(larger, 200) == 200);
    void* again = taken_again(address, 200);
    CHECK(marks_left_in(again, 200) == 0);
    std::free(again);
    std::free(larger);
}

TEST_CASE("a block that shrinks keeps its beginning and gives the rest back", "[heap]") {
    void* smaller = std::realloc(marked(10'000), 100);
    CHECK(marks_in(smaller, 100) == 100);
    CHECK(malloc_usable_size(smaller) < 5'000);
    std::free(smaller);
}

TEST_CASE("a block of another size may be none", "[heap]") {
    void* made = std::realloc(nullptr, 10);
    REQUIRE(made != nullptr);
    CHECK(std::realloc(made, 0) == nullptr);
    std::free(nullptr);
}
