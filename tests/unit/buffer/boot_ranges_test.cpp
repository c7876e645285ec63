#include "gateway/buffer/boot_ranges.hpp"

#include <catch2/catch.hpp>

using namespace gateway;
using namespace gateway::buffer;
using namespace std::chrono_literals;
using Knowledge = BootDate::Knowledge;
using model::Instant;
using model::TimeQuality;

namespace {

const Instant kBegan{std::chrono::sys_days{std::chrono::year{2026} / 3 / 1}};
constexpr Instant kAfterBoot{5min};

BootDate boot(const char* id, Instant began, Knowledge knowledge) {
    return {id, began, knowledge};
}

}  // namespace

TEST_CASE("a reading gets its date when its boot's beginning is known", "[buffer][clock]") {
    BootRanges ranges;
    ranges.take(boot("a", kBegan - 90min, Knowledge::awaited), 1);
    CHECK_FALSE(ranges.date(7, kAfterBoot).is_final);
    ranges.take(boot("a", kBegan, Knowledge::known), 100);
    for (const std::uint64_t sequence : {1U, 7U, 5000U}) {  // also of what was on its way
        const auto date = ranges.date(sequence, kAfterBoot);
        CHECK(date.is_final);
        CHECK(date.time == kBegan + 5min);
        CHECK(date.quality == TimeQuality::corrected);
    }
    ranges.take(boot("a", kBegan + 1h, Knowledge::known), 200);  // too late: it was sent
    CHECK(ranges.date(7, kAfterBoot).time == kBegan + 5min);
}

TEST_CASE("an earlier boot that was never dated stays uncertain", "[buffer][clock]") {
    BootRanges ranges;
    ranges.take(boot("a", kBegan, Knowledge::awaited), 1);
    ranges.take(boot("b", kBegan + 24h, Knowledge::known), 50);
    const auto date = ranges.date(49, kAfterBoot);
    CHECK(date.is_final);
    CHECK(date.time == kBegan + 5min);
    CHECK(date.quality == TimeQuality::uncertain);
    CHECK(ranges.date(50, kAfterBoot).quality == TimeQuality::corrected);
}

TEST_CASE("what was sent with a guess keeps it, the rest is corrected", "[buffer][clock]") {
    BootRanges ranges;
    ranges.take(boot("a", kBegan, Knowledge::guessed), 1);
    ranges.give_up(10);
    ranges.give_up(25);
    ranges.give_up(20);               // another uplink, behind
    CHECK(ranges.all().size() == 2);  // joined
    ranges.take(boot("a", kBegan + 10h, Knowledge::guessed), 60);
    ranges.give_up(30);
    ranges.take(boot("a", kBegan + 20h, Knowledge::known), 80);
    CHECK(ranges.date(25, kAfterBoot).time == kBegan + 5min);
    CHECK(ranges.date(30, kAfterBoot).time == kBegan + 10h + 5min);
    CHECK(ranges.date(30, kAfterBoot).quality == TimeQuality::uncertain);
    CHECK(ranges.date(31, kAfterBoot).time == kBegan + 20h + 5min);
    CHECK(ranges.date(31, kAfterBoot).quality == TimeQuality::corrected);
    ranges.give_up(90);  // nothing is open any more
    CHECK(ranges.date(90, kAfterBoot).quality == TimeQuality::corrected);
}

TEST_CASE("boots without a reading leave nothing behind", "[buffer][clock]") {
    BootRanges ranges;
    for (const char* id : {"a", "b", "c", "d"})
        ranges.take(boot(id, kBegan, Knowledge::awaited), 1);
    CHECK(ranges.all().size() == 1);
    CHECK(ranges.all().front().boot_id == "d");
    ranges.take(boot("e", kBegan, Knowledge::awaited), 5);
    ranges.take(boot("f", kBegan, Knowledge::awaited), 9);
    CHECK(ranges.all().size() == 3);
    ranges.forget_before(5);
    CHECK(ranges.all().front().boot_id == "e");
    ranges.forget_before(1000);
    CHECK(ranges.all().size() == 1);  // the current one stays
}

TEST_CASE("the latest that a time of storing can mean decides about its age", "[buffer][clock]") {
    BootRanges ranges;
    CHECK_FALSE(ranges.latest(1, kAfterBoot));
    CHECK(ranges.latest(1, kBegan) == kBegan);
    ranges.take(boot("a", kBegan - 48h, Knowledge::awaited), 1);
    CHECK_FALSE(ranges.latest(1, kAfterBoot));
    ranges.take(boot("b", kBegan - 24h, Knowledge::awaited), 10);
    CHECK_FALSE(ranges.latest(1, kAfterBoot));  // two guesses
    ranges.take(boot("b", kBegan, Knowledge::known), 20);
    CHECK(ranges.latest(1, kAfterBoot) == kBegan);  // its boot was over then
    CHECK(ranges.latest(10, kAfterBoot) == kBegan + 5min);
}

TEST_CASE("a stamp of the current boot stays, one of an earlier boot is dated", "[buffer][clock]") {
    BootRanges ranges;
    ranges.take(boot("a", kBegan, Knowledge::known), 1);
    CHECK(ranges.outlasting(1, kAfterBoot) == kAfterBoot);
    ranges.take(boot("b", kBegan + 24h, Knowledge::awaited), 10);
    CHECK(ranges.outlasting(1, kAfterBoot) == kBegan + 5min);
    CHECK(ranges.outlasting(10, kAfterBoot) == kAfterBoot);
    CHECK(ranges.outlasting(1, kBegan) == kBegan);
}

TEST_CASE("a reading whose boot is lost gets the earliest date", "[buffer][clock]") {
    const auto date = BootRanges().date(1, kAfterBoot);
    CHECK(date.is_final);
    CHECK(date.time == runtime::kDatesFrom + 5min);
    CHECK(date.quality == TimeQuality::uncertain);
}
