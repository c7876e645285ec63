#include "gateway/buffer/flash_pace.hpp"
#include "gateway/buffer/sqlite_connection.hpp"
#include "outbox_fixture.hpp"

#include <filesystem>

using namespace tests::buffer;
using namespace std::chrono_literals;

namespace {

namespace support = tests::support;
using Time = FlashPace::Time;
using settings::Buffer;

// What is written in a time by commits of `bytes` that begin whenever something waits and the pace
// allows, with readings arriving all the time. A commit takes a millisecond.
std::uint64_t written_in(
    std::chrono::hours time, std::uint64_t bytes, FlashPace& pace, Time start
) {
    std::uint64_t written = 0;
    for (Time now = start; now < start + time;) {
        now += pace.linger(now) + 1ms;
        pace.note_written(bytes, now);
        written += bytes;
    }
    return written;
}

// Every byte of the store's files.
std::string raw(const std::string& directory) {
    std::string bytes;
    for (const auto& entry : std::filesystem::directory_iterator(directory))
        bytes += support::read_file(entry.path());
    return bytes;
}

support::PublicReadings reading_of(std::string_view device) {
    support::PublicReadings readings;
    support::PublicFields fields;
    fields.device = device;
    fields.quantity = &kVolume;
    fields.observed_at = kStart;
    readings.add(fields);
    return readings;
}

}  // namespace

TEST_CASE("commits stay within the budget of the day", "[buffer][flash]") {
    constexpr std::uint64_t kBudget = 2'000'000'000;
    const Time start{};
    FlashPace pace(kBudget, start);
    CHECK(pace.linger(start) == 0ms);
    // Unpaced, commits of 20 kB a millisecond apart would write 1.7 TB.
    const auto first_day = written_in(24h, 20'000, pace, start);
    CHECK(first_day <= kBudget + kBudget / 24 + 40'000);  // and what was saved before
    CHECK(first_day >= kBudget);
    CHECK(written_in(24h, 20'000, pace, start + 24h) <= kBudget + 40'000);
}

TEST_CASE("no commit waits longer than the bound, whatever the budget", "[buffer][flash]") {
    const Time start{};
    FlashPace pace(1U << 20, start);
    pace.note_written(100U << 20, start);
    CHECK(pace.linger(start) == Buffer::kLingerMax);
    CHECK(pace.linger(start + FlashPace::kOwedMax - 1s) > 0ms);
    CHECK(pace.linger(start + FlashPace::kOwedMax + 1s) == 0ms);  // more is not owed
}

TEST_CASE("what is not written saves up for a burst, within bounds", "[buffer][flash]") {
    constexpr std::uint64_t kBudget = 24'000'000;
    const Time start{};
    FlashPace pace(kBudget, start);
    const Time later = start + 240h;
    pace.note_written(kBudget / 24, later);
    CHECK(pace.linger(later) == 0ms);
    pace.note_written(1'000, later);
    CHECK(pace.linger(later) > 0ms);
    CHECK(pace.linger(later + 10s) == 0ms);
}

TEST_CASE_METHOD(OutboxFixture, "with a small budget groups grow, alarms go at once", "[buffer]") {
    settings.buffer.linger.reset();
    settings.buffer.flash_budget_per_day = 1;
    settings.datasets = {dataset("water"), dataset("alarms", settings::Priority::alarm)};
    open();
    REQUIRE(store(1, some_readings(1)));  // the next group owes for this one
    const auto commits = outbox().figures().commits;
    const auto first = *outbox().append(DatasetId{0}, some_readings(1).all());
    io.poll();
    const auto second = *outbox().append(DatasetId{0}, some_readings(1).all());
    CHECK(first == second);
    REQUIRE(store(1, some_readings(1)));
    CHECK(run(outbox().committed(first)));
    CHECK(outbox().figures().commits == commits + 1);
}

TEST_CASE_METHOD(OutboxFixture, "what is deleted is not in the file any more", "[buffer][flash]") {
    constexpr std::string_view kName = "the-meter-of-nobody-in-particular";
    open();
    REQUIRE(store(0, reading_of(kName)));
    reopen();
    CHECK(raw(directory.file("store")).find(kName) != std::string::npos);
    open_batch(0, 0);
    confirm(0, 0);
    reopen();
    CHECK(raw(directory.file("store")).find(kName) == std::string::npos);
}

TEST_CASE_METHOD(OutboxFixture, "the file never moves pages about by itself", "[buffer][flash]") {
    open();
    close();
    auto connection = SqliteConnection::open(settings.buffer.path, {});
    REQUIRE(connection);
    const auto automatic = connection->integer("PRAGMA auto_vacuum");
    REQUIRE(automatic);
    CHECK(*automatic == 0);
}
