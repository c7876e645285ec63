#include "gateway/ingest/duplicate_guard.hpp"

#include <catch2/catch.hpp>

using namespace gateway;

namespace {

model::Reading reading(std::string_view device, int second, std::int64_t value) {
    model::Reading result;
    result.device = device;
    result.quantity = "water.volume";
    result.value = model::Decimal{value, 0};
    result.observed_at = model::Instant{std::chrono::seconds{second}};
    result.time_quality = model::TimeQuality::device;
    return result;
}

constexpr model::SourceId kSource{3};

bool is_repeated(
    ingest::DuplicateGuard& guard, const model::Reading& reading, model::SourceId source
) {
    return guard.is_repeated(guard.print_of(reading, source));
}

}  // namespace

TEST_CASE("a reading that comes again is recognised", "[ingest]") {
    ingest::DuplicateGuard guard("key");
    CHECK_FALSE(is_repeated(guard, reading("a", 1, 10), kSource));
    CHECK(is_repeated(guard, reading("a", 1, 10), kSource));
    CHECK_FALSE(is_repeated(guard, reading("b", 1, 10), kSource));
    CHECK_FALSE(is_repeated(guard, reading("a", 2, 10), kSource));
    CHECK_FALSE(is_repeated(guard, reading("a", 1, 11), kSource));
    CHECK_FALSE(is_repeated(guard, reading("a", 1, 10), model::SourceId{4}));
}

TEST_CASE("without the device's own time two equal readings are two", "[ingest]") {
    ingest::DuplicateGuard guard("key");
    auto timeless = reading("a", 1, 10);
    timeless.time_quality = model::TimeQuality::gateway;
    CHECK_FALSE(is_repeated(guard, timeless, kSource));
    CHECK_FALSE(is_repeated(guard, timeless, kSource));
}

TEST_CASE("memory is bounded: old readings are forgotten, recent ones are not", "[ingest]") {
    ingest::DuplicateGuard guard("key");
    const int count = static_cast<int>(3 * guard.kRemembered);
    for (int i = 0; i < count; ++i) REQUIRE_FALSE(is_repeated(guard, reading("a", i, 1), kSource));
    CHECK(is_repeated(guard, reading("a", count - 1, 1), kSource));
    CHECK(is_repeated(guard, reading("a", count - static_cast<int>(guard.kRemembered), 1), kSource)
    );
    CHECK_FALSE(is_repeated(guard, reading("a", 0, 1), kSource));
}

TEST_CASE("after a failed commit repetitions are taken", "[ingest]") {
    ingest::DuplicateGuard guard("key");
    CHECK_FALSE(is_repeated(guard, reading("a", 1, 10), kSource));
    guard.clear();
    CHECK_FALSE(is_repeated(guard, reading("a", 1, 10), kSource));
}
