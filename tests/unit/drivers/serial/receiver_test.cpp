#include "drivers/serial/receiver.hpp"

#include "drivers/serial/mark_trail.hpp"
#include "drivers/serial/window.hpp"

#include <catch2/catch.hpp>

#include <set>
#include <vector>

using namespace drivers::serial;
using Arrival = Receiver::Arrival;
using std::chrono::seconds;

namespace {

std::vector<std::uint16_t> marks(const std::vector<std::uint32_t>& sequences) {
    std::vector<std::uint16_t> marks;
    for (const auto sequence : sequences) marks.push_back(MarkTrail::mark_of(sequence));
    return marks;
}

}  // namespace

TEST_CASE("only the next message is taken", "[serial][receiver]") {
    Receiver receiver(5);
    CHECK(receiver.arrive(4) == Arrival::repeated);
    CHECK(receiver.arrive(0) == Arrival::repeated);
    CHECK(receiver.arrive(6) == Arrival::missing);
    CHECK(receiver.arrive(5) == Arrival::taken);
    CHECK(receiver.arrive(5) == Arrival::repeated);
    CHECK(receiver.expected() == 6);
    CHECK(receiver.concluded() == 5);
}

TEST_CASE("a burst behind a lost message is answered once, each time", "[serial][receiver]") {
    Receiver receiver(1);
    CHECK(receiver.arrive(2) == Arrival::missing);
    CHECK(receiver.arrive(3) == Arrival::behind);
    CHECK(receiver.arrive(4) == Arrival::behind);
    CHECK(receiver.arrive(2) == Arrival::missing);  // sent again, and 1 lost again
    CHECK(receiver.arrive(1) == Arrival::taken);
    CHECK(receiver.arrive(3) == Arrival::missing);
}

TEST_CASE("what must come again takes back what is behind it", "[serial][receiver]") {
    Receiver receiver(1);
    for (const std::uint32_t sequence : {1U, 2U, 3U})
        CHECK(receiver.arrive(sequence) == Arrival::taken);
    const auto before = receiver.generation();
    receiver.conclude(1);
    receiver.take_back(2);
    CHECK(receiver.expected() == 2);
    CHECK_FALSE(receiver.awaits(3, before));
    CHECK(receiver.arrive(3) == Arrival::missing);
    CHECK(receiver.arrive(2) == Arrival::taken);
    CHECK_FALSE(receiver.awaits(2, before));
    CHECK(receiver.awaits(2, receiver.generation()));
}

TEST_CASE("a node that dropped its oldest goes on", "[serial][receiver]") {
    Receiver receiver(1);
    CHECK(receiver.arrive(1) == Arrival::taken);
    receiver.skip_to(7);
    CHECK(receiver.concluded() == 7);
    CHECK(receiver.expected() == 7);
    CHECK_FALSE(receiver.awaits(1, receiver.generation()));
    receiver.skip_to(3);
    CHECK(receiver.expected() == 7);
}

TEST_CASE("marks tell after a restart what is new", "[serial][marks]") {
    CHECK(MarkTrail({}, 5).first_new(5) == 5);
    CHECK(MarkTrail(marks({4, 5, 6}), 5).first_new(5) == 7);
    CHECK(MarkTrail(marks({4, 5, 7}), 5).first_new(5) == 6);     // 6 was not stored
    CHECK(MarkTrail(marks({100, 101}), 3).first_new(3) == 102);  // the node is far behind
    CHECK(MarkTrail(marks({1, 2}), 40).first_new(40) == 40);     // it dropped what was between
}

TEST_CASE("marks have 16 bits, and sequences more", "[serial][marks]") {
    for (const std::uint32_t at : {65'534U, 65'535U, 65'536U, 131'070U, 4'000'000'000U}) {
        INFO(at);
        CHECK(MarkTrail::mark_of(at) != 0);
        CHECK(MarkTrail(marks({at - 1, at, at + 1}), at).first_new(at) == at + 2);
        CHECK(MarkTrail(marks({at + 30'000}), at).first_new(at) == at + 30'001);
    }
    std::set<std::uint16_t> seen;
    for (std::uint32_t sequence = 1; sequence <= 65'535; ++sequence)
        seen.insert(MarkTrail::mark_of(sequence));
    CHECK(seen.size() == 65'535);
}

TEST_CASE("marks are released but for the newest, and what is not concluded", "[serial][marks]") {
    MarkTrail trail;
    for (std::uint32_t sequence = 1; sequence <= MarkTrail::kHeldMax; ++sequence) {
        trail.hold(sequence);
        CHECK(trail.take_spare(sequence + 1).empty());
    }
    trail.hold(17);
    trail.hold(20);  // stored, but 18 is not
    const auto spare = trail.take_spare(18);
    CHECK(spare.size() == 16);
    CHECK(spare.back() == MarkTrail::mark_of(16));
    CHECK(trail.first_new(1) == 18);
}

TEST_CASE("no two incarnations share a memory", "[serial][marks]") {
    CHECK(MarkTrail::session_of("a", 11) != MarkTrail::session_of("a1", 1));
    CHECK(MarkTrail::session_of("a", 1) != MarkTrail::session_of("a", 2));
}

TEST_CASE("a window that was closed opens step by step", "[serial][window]") {
    Window window;
    const Window::Time now{};
    CHECK(window.size(now) == Window::kMax);
    window.close(now);
    CHECK(window.size(now) == 0);
    CHECK(window.size(now + Window::kPauseMin) == 1);
    window.close(now);
    CHECK(window.size(now + Window::kPauseMin) == 0);  // twice as long
    for (int i = 0; i < 10; ++i) window.close(now);
    CHECK(window.size(now + Window::kPauseMax) == 1);
    for (const std::uint32_t size : {2U, 4U, 8U, 8U}) {
        window.widen();
        CHECK(window.size(now + Window::kPauseMax) == size);
    }
}
