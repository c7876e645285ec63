#pragma once
#include "drivers/serial/mark_trail.hpp"
#include "drivers/serial/messages.hpp"
#include "drivers/serial/receiver.hpp"
#include "drivers/serial/window.hpp"

#include <chrono>
#include <cstdint>
#include <deque>
#include <string>
#include <utility>

namespace drivers::serial {

// A node that has introduced itself in this run, and what it has to be told. The name may be
// personal: it is never logged.
struct Node {
    using Time = std::chrono::steady_clock::time_point;

    // A node that is heard no more often than this is offline.
    static constexpr std::chrono::seconds kSilenceMax{30};

    // Messages that wait for the disk, whatever becomes of them.
    static constexpr std::uint32_t kUnderWayMax = Window::kMax;

    bool is_online(Time now) const { return heard_at != Time{} && now - heard_at <= kSilenceMax; }
    std::string memory() const { return MarkTrail::session_of(name, incarnation); }

    std::string name;
    Hello hello;  // as it introduced itself last
    std::uint8_t address = 0;
    std::uint16_t session = 0;  // 0: it has none now
    std::uint32_t incarnation = 0;
    Receiver receiver;
    MarkTrail marks;
    Window window;
    std::uint32_t under_way = 0;  // messages that the sink has not answered yet
    Time heard_at{};              // never: another one has its place
    int silent_turns = 0;         // on a bus, one after the other
    std::uint32_t lost = 0;       // readings that its queue had no room for, as it says

    bool is_welcome_due = false;
    bool is_acknowledgement_due = false;
    bool is_gap = false;  // to be said with the next acknowledgement
    std::deque<std::pair<std::uint32_t, Refused>> refusals;  // at most kUnderWayMax
};

}  // namespace drivers::serial
