#include "drivers/serial/poll_schedule.hpp"

#include "drivers/serial/turn.hpp"

#include <catch2/catch.hpp>

#include <map>
#include <numeric>
#include <vector>

using namespace drivers::serial;
using namespace std::chrono_literals;

namespace {

using Time = PollSchedule::Time;
const Time kStart = Time{} + 1h;

std::vector<std::uint8_t> addresses(std::uint8_t count) {
    std::vector<std::uint8_t> all;
    for (std::uint8_t i = 1; i <= count; ++i) all.push_back(i);
    return all;
}

// Runs the schedule for so long; a turn takes `length` and ends as `outcome` says. Turns by
// address.
template <class Outcome, class Length>
std::map<std::uint8_t, int> run(
    PollSchedule& schedule, std::chrono::seconds time, Outcome outcome, Length length
) {
    std::map<std::uint8_t, int> turns;
    for (Time now = kStart; now < kStart + time;) {
        const auto address = schedule.next(now);
        if (address == 0) {
            now = schedule.due_at();
            continue;
        }
        ++turns[address];
        now += length(address);
        schedule.note(address, outcome(address), now);
    }
    return turns;
}

// How turns end where the first node's end differently from all others'.
auto first_node_ends(PollSchedule::Turn how) {
    return [how](std::uint8_t address) { return address == 1 ? how : PollSchedule::Turn::some; };
}

Frame frame(FrameType type, std::uint8_t address = 7) {
    return {type, address, 1, 1, {}};
}

}  // namespace

TEST_CASE("every node has its turn, in the order of waiting", "[serial][bus]") {
    PollSchedule schedule(addresses(64), kStart);
    Time now = kStart;
    for (std::uint8_t expected = 1; expected <= 64; ++expected) {
        CHECK(schedule.next(now) == expected);
        now += 1ms;
        schedule.note(expected, PollSchedule::Turn::some, now);
    }
    CHECK(schedule.next(now) == 0);
    CHECK(schedule.due_at() == kStart + 1ms + 1s);
    CHECK(schedule.next(schedule.due_at()) == 1);
}

TEST_CASE("who fills its turns has more of them, and keeps nobody waiting", "[serial][bus]") {
    PollSchedule schedule(addresses(4), kStart);
    const auto turns =
        run(schedule, 60s, first_node_ends(PollSchedule::Turn::full), [](auto) { return 20ms; });
    CHECK(turns.at(1) > 4 * turns.at(2));
    CHECK(turns.at(2) >= 60 * 3);
}

TEST_CASE("all nodes together have so many turns a second", "[serial][bus]") {
    const auto in_a_minute = [](std::uint8_t nodes) {
        PollSchedule schedule(addresses(nodes), kStart);
        const auto turns = run(
            schedule, 60s, [](auto) { return PollSchedule::Turn::some; }, [](auto) { return 1ms; }
        );
        return std::accumulate(turns.begin(), turns.end(), 0, [](int sum, const auto& entry) {
            return sum + entry.second;
        });
    };
    CHECK(in_a_minute(1) > 60 * 3);
    CHECK(in_a_minute(16) > 60 * 60);
    CHECK(in_a_minute(16) <= 61 * PollSchedule::kTurnsPerSecond);
    CHECK(in_a_minute(64) > 60 * 60);
    CHECK(in_a_minute(64) <= 61 * PollSchedule::kTurnsPerSecond);
}

TEST_CASE("who waits for a piece of an image does not wait for long", "[serial][bus][update]") {
    PollSchedule schedule(addresses(64), kStart);
    const auto turns =
        run(schedule, 60s, first_node_ends(PollSchedule::Turn::asking), [](auto) { return 1ms; });
    CHECK(turns.at(1) > 60 * 3);
    CHECK(turns.at(2) < 60 * 2);
}

TEST_CASE("one that says little is asked less often, within a second", "[serial][bus]") {
    PollSchedule schedule(addresses(1), kStart);
    const auto turns = run(
        schedule, 100s, [](auto) { return PollSchedule::Turn::empty; }, [](auto) { return 5ms; }
    );
    CHECK(turns.at(1) >= 98);
    CHECK(turns.at(1) <= 105);
}

TEST_CASE("63 silent nodes leave the bus to the one that speaks", "[serial][bus]") {
    PollSchedule schedule(addresses(64), kStart);
    const auto is_silent = [](auto address) { return address != 9; };
    const auto turns = run(
        schedule,
        600s,
        [&](auto address) {
            return is_silent(address) ? PollSchedule::Turn::silent : PollSchedule::Turn::some;
        },
        [&](auto address) { return is_silent(address) ? 105ms : 10ms; }
    );
    CHECK(turns.at(9) >= 600);        // once a second at least
    CHECK(turns.at(10) >= 600 / 17);  // and who comes back is found
    CHECK(turns.at(10) <= 60);
}

TEST_CASE("a turn is over with its end", "[serial][turn]") {
    Turn turn(7, 115'200, 30, kStart);
    CHECK_FALSE(turn.is_over(kStart));
    for (int i = 0; i < 3; ++i) turn.on_frame(frame(FrameType::readings));
    turn.on_frame(frame(FrameType::turn_end, 8));  // somebody else's
    CHECK_FALSE(turn.is_over(kStart + 1ms));
    turn.on_frame(frame(FrameType::turn_end));
    CHECK(turn.is_over(kStart + 1ms));
    CHECK(turn.outcome() == PollSchedule::Turn::some);
    CHECK_FALSE(turn.is_babble());
}

TEST_CASE("who asks for a piece of an image is asked again as soon", "[serial][turn][update]") {
    Turn turn(7, 115'200, 30, kStart);
    turn.on_frame(frame(FrameType::readings));
    turn.on_frame(frame(FrameType::update_ask));
    turn.on_frame(frame(FrameType::turn_end));
    CHECK(turn.outcome() == PollSchedule::Turn::asking);
}

TEST_CASE("a turn that nobody takes ends after a pause", "[serial][turn]") {
    Turn turn(7, 115'200, 30, kStart);
    CHECK_FALSE(turn.is_over(kStart + 100ms));  // the poll itself takes 2.6 ms
    CHECK(turn.is_over(kStart + 103ms));
    CHECK(turn.outcome() == PollSchedule::Turn::silent);
}

TEST_CASE("a turn whose end was lost counts for what came", "[serial][turn]") {
    Turn turn(7, 115'200, 30, kStart);
    turn.on_bytes(200, kStart + 20ms);
    turn.on_frame(frame(FrameType::readings));
    CHECK_FALSE(turn.is_over(kStart + 119ms));
    CHECK(turn.is_over(kStart + 120ms));
    CHECK(turn.outcome() == PollSchedule::Turn::some);
}

TEST_CASE("who speaks without end loses the turn", "[serial][turn]") {
    Turn turn(7, 115'200, 30, kStart);
    Time now = kStart;
    for (int i = 0; i < 1000 && !turn.is_over(now); ++i) {
        now += 10ms;
        turn.on_bytes(115, now);
        turn.on_frame(frame(FrameType::readings));
    }
    CHECK(now < kStart + 500ms);
    CHECK(turn.is_babble());
    CHECK(turn.outcome() == PollSchedule::Turn::silent);
}

TEST_CASE("a full window is a full turn", "[serial][turn]") {
    Turn turn(7, 9600, 30, kStart);
    for (int i = 0; i < 8; ++i) {
        turn.on_bytes(256, kStart + 50ms * i);
        turn.on_frame(frame(FrameType::readings));
    }
    turn.on_frame(frame(FrameType::turn_end));
    CHECK_FALSE(turn.is_babble());
    CHECK(turn.outcome() == PollSchedule::Turn::full);
}
