#include "gateway/aggregate/aggregation.hpp"

#include "gateway/aggregate/error.hpp"
#include "gateway/aggregate/former_datasets.hpp"
#include "tests/support/aggregation_box.hpp"
#include "tests/support/temporary_directory.hpp"

#include <catch2/catch.hpp>

#include <filesystem>
#include <limits>

using namespace gateway;
using aggregate::Count;
using aggregate::Errc;
using aggregate::Suppression;
using tests::support::AggregationBox;
using tests::support::NumberedMeters;
using tests::support::TemporaryDirectory;

namespace {

constexpr std::int64_t kHour = AggregationBox::kHour;
using Texts = std::vector<std::string>;

// North has 20 meters, south 8: fewer than the floor.
aggregate::Registry two_zones() {
    return NumberedMeters().put(0, 20, 0).put(20, 28, 1).registry({{"north"}, {"south"}}).value();
}

struct Home {
    TemporaryDirectory home;
};

struct Box : Home, AggregationBox {
    Box() : AggregationBox(home.path().string(), two_zones()) {}

    std::size_t release(std::int64_t second) {
        const auto released = aggregation().release_due(at(second));
        REQUIRE(released);
        return *released;
    }
    void copy_database(const std::string& from, const std::string& to) const {
        for (const char* end : {"", "-wal"}) {
            std::filesystem::remove(to + end);
            if (std::filesystem::exists(from + end))
                std::filesystem::copy_file(from + end, to + end);
        }
    }
};

std::string result(const std::string& start, const std::string& part, const std::string& groups) {
    return R"({"dataset":"electricity","start":")" + start + R"(","seconds":3600,"part":)" + part +
           R"(,"protection":{"meters_min":11,"share_percent_max":50},"groups":[)" + groups + "]}";
}

const std::string kSouth = R"(,{"group":"south","suppressed":true})";
const std::string kFirst = result(
    "2026-01-01T00:00:00.000Z", "0", R"({"group":"north","meters":20,"sum":30.000})" + kSouth
);

}  // namespace

TEST_CASE("a window is released once, after its grace, as sums of groups", "[aggregate][window]") {
    Box box;
    REQUIRE(box.start());
    box.read_all(0, 28, 1000, 10).read_all(0, 20, 500, 3599).read(99, 1, 20);
    REQUIRE(box.take());
    CHECK(box.counts()[Count::taken] == 48);
    CHECK(box.counts()[Count::unknown_meter] == 1);
    CHECK(box.release(kHour + kHour / 2 - 1) == 0);
    CHECK(box.results().empty());
    CHECK(box.release(kHour + kHour / 2) == 1);
    CHECK(box.results() == Texts{kFirst});
    CHECK(box.counts()[Suppression::few_meters] == 1);
    CHECK(box.release(kHour * 5) == 0);
    CHECK(box.results() == Texts{kFirst});
}

TEST_CASE("the way of a window goes on over restarts", "[aggregate][window]") {
    Box box;
    REQUIRE(box.start());
    REQUIRE(box.read_all(0, 28, 1000, 10).take());
    REQUIRE(box.start());
    CHECK(box.aggregation().next_sequence() == 29);
    REQUIRE(box.read_all(0, 20, 500, 3599).take());
    REQUIRE(box.start());
    CHECK(box.aggregation().open_windows() == 1);
    CHECK(box.release(kHour * 2) == 1);
    REQUIRE(box.start());
    CHECK(box.results() == Texts{kFirst});
    CHECK(box.counts()[Count::taken] == 48);
    CHECK(box.counts()[Count::releases] == 1);
    CHECK(box.keys_left() == 0);
}

TEST_CASE("a batch that is taken again adds nothing", "[aggregate][window]") {
    Box box;
    REQUIRE(box.start());
    std::vector<aggregate::Contribution> readings;
    for (std::uint32_t meter = 0; meter < 20; ++meter) {
        readings.push_back(
            {meter + 1, tests::support::numbered_token(meter), {1500, -3}, AggregationBox::at(5)}
        );
    }
    const aggregate::Portion half{11, std::span(readings).first(10)};
    REQUIRE(box.aggregation().take(half));
    REQUIRE(box.start());
    REQUIRE(box.aggregation().take(half));
    const aggregate::Portion all{21, readings};  // the boundaries of a batch may change
    REQUIRE(box.aggregation().take(all));
    REQUIRE(box.aggregation().take(all));
    CHECK(box.counts()[Count::taken] == 20);
    CHECK(box.release(kHour * 2) == 1);
    CHECK(box.results() == Texts{kFirst});
}

TEST_CASE("late readings are counted, and change no result", "[aggregate][window]") {
    Box box;
    REQUIRE(box.start());
    REQUIRE(box.read_all(0, 20, 1500, 10).take());
    CHECK(box.release(kHour * 2) == 1);
    REQUIRE(box.read_all(0, 20, 7, 20).take());
    CHECK(box.counts()[Count::late] == 20);
    CHECK(box.counts()[Count::corrected] == 0);
    CHECK(box.release(kHour * 30) == 0);
    CHECK(box.results() == Texts{kFirst});
}

TEST_CASE("a correction is a sum of late meters alone, of enough of them", "[aggregate][window]") {
    const std::uint32_t late = GENERATE(10U, 11U);
    Box box;
    box.rules.correction = std::chrono::hours(6);
    REQUIRE(box.start());
    REQUIRE(box.read_all(0, 20, 1500, 10).take());
    CHECK(box.release(kHour * 2) == 1);
    REQUIRE(box.read_all(0, late, 7, 20).take());
    REQUIRE(box.start());
    CHECK(box.release(kHour * 7 - 1) == 0);
    CHECK(box.release(kHour * 7) == 1);
    const std::string north = late == 11 ? R"({"group":"north","meters":11,"sum":0.077})"
                                         : R"({"group":"north","suppressed":true})";
    const auto corrected = result("2026-01-01T00:00:00.000Z", "1", north + kSouth);
    CHECK(box.results() == Texts{kFirst, corrected});
    REQUIRE(box.read_all(0, 20, 7, 20).take());  // too late for that as well
    CHECK(box.release(kHour * 40) == 0);
    CHECK(box.counts()[Count::late] == late + 20);
    CHECK(box.counts()[Count::corrected] == late);
    CHECK(box.keys_left() == 0);
}

TEST_CASE("readings far ahead of the oldest window are counted", "[aggregate][window]") {
    Box box;
    REQUIRE(box.start());
    const std::int64_t beyond = kHour * (aggregate::kWindowsAheadMax + 1);
    REQUIRE(box.read(0, 1, beyond - 1).read(0, 1, beyond).take());
    CHECK(box.counts()[Count::taken] == 1);
    CHECK(box.counts()[Count::ahead] == 1);
    CHECK(box.release(2 * beyond) == 1);
    REQUIRE(box.read(0, 1, 2 * beyond + kHour * 5).take());  // after a long while without readings
    CHECK(box.counts()[Count::taken] == 2);
}

TEST_CASE("readings that no integer holds are counted", "[aggregate][window]") {
    Box box;
    REQUIRE(box.start());
    constexpr auto kMost = std::numeric_limits<std::int64_t>::max();
    REQUIRE(box.read(0, kMost, 10).read(0, 1, 11).read(1, 1, 11).take());
    CHECK(box.counts()[Count::taken] == 2);
    CHECK(box.counts()[Count::not_representable] == 1);
}

TEST_CASE("a window of another registry is closed without a sum", "[aggregate][window]") {
    Box box;
    REQUIRE(box.start());
    REQUIRE(box.read_all(0, 20, 1500, 10).take());
    box.use(NumberedMeters().put(0, 19, 0).put(20, 28, 1).registry({{"north"}, {"south"}}).value());
    REQUIRE(box.start());
    REQUIRE(box.read(0, 1, 20).take());
    CHECK(box.counts()[Count::closed_early] == 1);
    CHECK(box.release(kHour * 2) == 1);
    CHECK(box.counts()[Suppression::registry] == 2);
    CHECK(box.keys_left() == 0);
    REQUIRE(box.read_all(0, 19, 1500, kHour * 2).take());
    CHECK(box.release(kHour * 4) == 1);
    CHECK(box.results().back().find(R"("meters":19,"sum":28.500)") != std::string::npos);
}

TEST_CASE("a window whose key is lost is closed without a sum", "[aggregate][window]") {
    Box box;
    REQUIRE(box.start());
    REQUIRE(box.read_all(0, 20, 1500, 10).take());
    std::filesystem::remove_all(box.key_directory());
    REQUIRE(box.start());
    CHECK(box.release(kHour * 2) == 1);
    CHECK(box.counts()[Suppression::unreadable] == 2);
}

TEST_CASE("nothing in the file tells a value once its key is gone", "[aggregate][window]") {
    Box box;
    REQUIRE(box.start());
    REQUIRE(box.read_all(0, 20, 1500, 10).take());
    box.copy_database(box.database(), box.home.file("copy.db"));
    CHECK(box.release(kHour * 2) == 1);
    box.stop();
    box.copy_database(box.home.file("copy.db"), box.database());
    REQUIRE(box.start());
    CHECK(
        box.aggregation().release_due(AggregationBox::at(kHour * 2)).error() == Errc::rolled_back
    );
    CHECK(box.results().empty());
    REQUIRE(box.read_all(0, 20, 1500, 10).take());  // what is taken is still spooled, or counted
    CHECK(box.counts()[Count::closed_early] == 20);
}

TEST_CASE("a result is drawn once, costs its budget, and ends at the cap", "[aggregate][noise]") {
    Box box;
    box.rules.protection = aggregate::Noise{2000, {1, 2}, {1, 1}, std::chrono::seconds(kHour * 4)};
    REQUIRE(box.start());
    REQUIRE(box.read_all(0, 20, 1500, 10).take());
    CHECK(box.release(kHour * 2 + kHour / 2) == 2);  // and a window in which nothing came
    const auto first = box.results();
    REQUIRE(first.size() == 2);
    CHECK(first[0].find("meters") == std::string::npos);
    CHECK(first[0].find(R"("epsilon":"1/2")") != std::string::npos);
    CHECK(first[1].find("suppressed") == std::string::npos);
    REQUIRE(box.start());
    CHECK(box.results() == first);
    CHECK(box.release(kHour * 4 + kHour / 2) == 2);  // beyond the cap of the four hours
    CHECK(box.counts()[Suppression::budget] == 4);
    CHECK(box.release(kHour * 5 + kHour / 2) == 1);  // another period
    CHECK(box.counts()[Suppression::budget] == 4);
    CHECK(box.results().size() == 5);
}

TEST_CASE("another period makes no budget anew", "[aggregate][noise]") {
    Box box;
    box.rules.protection = aggregate::Noise{2000, {1, 2}, {1, 1}, std::chrono::seconds(kHour * 4)};
    REQUIRE(box.start());
    CHECK(box.release(kHour * 2 + kHour / 2) == 2);
    // Begins at the same time, before it, or within it.
    const auto hours = GENERATE(6, 8, 5);
    box.rules.protection =
        aggregate::Noise{2000, {1, 2}, {1, 1}, std::chrono::seconds(kHour * hours)};
    REQUIRE(box.start());
    CHECK(box.release(kHour * 3 + kHour / 2) == 1);
    CHECK(box.counts()[Suppression::budget] == 2);
}

TEST_CASE("results go when every recipient has them, and do not come again", "[aggregate]") {
    Box box;
    REQUIRE(box.start());
    REQUIRE(box.read_all(0, 20, 1500, 10).take());
    CHECK(box.release(kHour * 2) == 1);
    REQUIRE(box.file().forget_releases(1));
    CHECK(box.results().empty());
    REQUIRE(box.read_all(0, 20, 1500, kHour * 2).take());
    CHECK(box.release(kHour * 4) == 1);
    CHECK(box.file().next_release(0).value()->number == 2);
}

TEST_CASE("of meters that count on and on the increases are summed", "[aggregate]") {
    Box box;
    box.rules.sums_increases = true;
    REQUIRE(box.start());
    box.read_all(0, 20, 5'000, 10).read_all(0, 20, 5'100, 600);
    REQUIRE(box.take());
    CHECK(box.counts()[Count::first_index] == 20);
    CHECK(box.counts()[Count::taken] == 20);
    // Across a restart, and across windows: the increase is of the window that it ends in.
    REQUIRE(box.start());
    box.read_all(0, 20, 5'150, kHour + 10);
    REQUIRE(box.take());
    box.release(4 * kHour);
    const auto results = box.results();
    REQUIRE(results.size() == 2);
    CHECK(results[0].find(R"("meters":20,"sum":2.000)") != std::string::npos);
    CHECK(results[1].find(R"("meters":20,"sum":1.000)") != std::string::npos);
}

TEST_CASE("an index that is older or below the one before brings nothing", "[aggregate]") {
    Box box;
    box.rules.sums_increases = true;
    REQUIRE(box.start());
    box.read_all(0, 20, 5'000, 10);
    box.read(0, 5'100, 600).read(0, 5'050, 300).read(0, 7, 700).read(0, 17, 800);
    REQUIRE(box.take());
    CHECK(box.counts()[Count::older_index] == 1);
    CHECK(box.counts()[Count::index_fell] == 1);
    CHECK(box.counts()[Count::taken] == 2);
}

TEST_CASE("indexes whose key is gone begin anew", "[aggregate]") {
    Box box;
    box.rules.sums_increases = true;
    REQUIRE(box.start());
    box.read_all(0, 20, 5'000, 10);
    REQUIRE(box.take());
    box.stop();
    for (const auto& file : std::filesystem::directory_iterator(box.key_directory())) {
        if (file.path().string().find("indexes") != std::string::npos)
            std::filesystem::remove(file.path());
    }
    REQUIRE(box.start());
    box.read_all(0, 20, 5'100, 20);
    REQUIRE(box.take());
    CHECK(box.counts()[Count::first_index] == 40);
    CHECK(box.counts()[Count::taken] == 0);
}

TEST_CASE("a meter that is forgotten is in no open window", "[aggregate]") {
    Box box;
    box.rules.sums_increases = true;
    REQUIRE(box.start());
    box.read_all(0, 20, 5'000, 10).read_all(0, 20, 5'100, 600);
    REQUIRE(box.take());
    REQUIRE(box.aggregation().forget(tests::support::numbered_token(3)));
    REQUIRE(box.aggregation().forget(tests::support::numbered_token(99)));  // of no registry
    REQUIRE(box.start());                                                   // as the file has it
    box.read(3, 5'200, 700);
    REQUIRE(box.take());
    CHECK(box.counts()[Count::first_index] == 21);
    box.release(3 * kHour);
    CHECK(box.results().front().find(R"("meters":19,"sum":1.900)") != std::string::npos);
}

TEST_CASE("indexes of meters that nobody sums any more are removed", "[aggregate]") {
    Box box;
    box.rules.sums_increases = true;
    REQUIRE(box.start());
    REQUIRE(box.read_all(0, 20, 5'000, 10).take());
    const auto indexes = [&] {
        return box.file().connection().integer("SELECT count(*) FROM meter_index").value();
    };
    CHECK(indexes() == 20);
    SECTION("a meter that is taken off the list") {
        box.use(NumberedMeters().put(0, 19, 0).put(20, 28, 1).registry({{"north"}, {"south"}}
        ).value());
        REQUIRE(box.start());
        CHECK(indexes() == 19);
        CHECK(box.keys_left() == 1);
    }
    SECTION("a sum that is of values now") {
        box.rules.sums_increases = false;
        REQUIRE(box.start());
        CHECK(indexes() == 0);
        CHECK(box.keys_left() == 0);
    }
    SECTION("another resolution") {
        box.rules.resolution = -2;
        REQUIRE(box.start());
        CHECK(indexes() == 0);
        CHECK(box.keys_left() == 1);
    }
}

TEST_CASE("a dataset that is configured no longer keeps nothing of a meter", "[aggregate]") {
    Box box;
    box.rules.sums_increases = true;
    REQUIRE(box.start());
    REQUIRE(box.read_all(0, 20, 5'000, 10).read_all(0, 20, 5'100, 20).take());
    CHECK(box.keys_left() == 2);  // of the window, of the indexes
    const auto rows = [&](const std::string& table) {
        return box.file().connection().integer(("SELECT count(*) FROM " + table).c_str()).value();
    };
    anonymise::KeyRingDirectory keys(box.key_directory(), anonymise::kWindowKeyEnding);
    const std::vector<std::string> names{"water", box.rules.dataset};
    REQUIRE(aggregate::forget_former_datasets(box.file(), keys, names));
    CHECK(rows("contribution") == 20);
    REQUIRE(aggregate::forget_former_datasets(box.file(), keys, std::span(names).first(1)));
    for (const char* table : {"contribution", "meter_index", "window"}) CHECK(rows(table) == 0);
    CHECK(rows("dataset") == 1);
    CHECK(box.keys_left() == 0);
    REQUIRE(box.start());  // under its old name it goes on
    CHECK(box.aggregation().next_sequence() == 41);
}

TEST_CASE("with noise no release tells that somebody was there", "[aggregate][noise]") {
    Box box;
    box.rules.protection = aggregate::Noise{2000, {1, 2}, {1, 1}, std::chrono::seconds(kHour * 4)};
    const bool is_used = GENERATE(false, true);
    REQUIRE(box.start());
    if (is_used) REQUIRE(box.read_all(0, 20, 1500, 10).take());
    const std::int64_t windows = aggregate::Aggregation::kWindowsBehindMax + 10;
    const auto now = kHour * windows + kHour / 2;
    CHECK(box.release(now) == aggregate::Aggregation::kReleasesMax);
    CHECK(box.results().front().find("2026-01-01T10:00") != std::string::npos);
    CHECK(box.aggregation().open_windows() == 0);
    REQUIRE(box.start());
    CHECK(box.aggregation().open_windows() == 0);
    if (is_used) CHECK(box.keys_left() == 0);
}
