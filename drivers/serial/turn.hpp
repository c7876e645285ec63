#pragma once
#include "drivers/serial/frame.hpp"
#include "drivers/serial/poll_schedule.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>

namespace drivers::serial {

// One turn of a node on a bus: from its poll to TURN-END, or to where the gateway waits no longer.
// Pure.
class Turn {
  public:
    using Time = std::chrono::steady_clock::time_point;

    // Without a byte, before the first or in the middle of a turn. A node begins and goes on within
    // 20 ms; an adapter may hold bytes back for 16 ms more.
    static constexpr std::chrono::milliseconds kPauseMax{100};
    // Before the gateway speaks again: the node's transmitter must be off the wires.
    static constexpr std::chrono::milliseconds kTurnaround{2};
    // A turn is a full window, three frames of updates (the state of an image, that of settings, a
    // question), and its end; a status is not due behind readings.
    static constexpr std::size_t kTurnBytesMax = 12 * kFrameBytesMax;
    // From so many messages on there are more.
    static constexpr std::size_t kFullTurn = 6;

    Turn() = default;  // over
    // The poll of so many bytes begins to leave now.
    Turn(std::uint8_t address, int baud, std::size_t poll_bytes, Time now);

    void on_bytes(std::size_t count, Time now);
    void on_frame(const Frame& frame);

    bool is_over(Time now) const { return is_ended_ || now >= deadline_; }
    Time deadline() const { return deadline_; }
    // It went on for longer than a turn can be.
    bool is_babble() const { return !is_ended_ && bytes_ > kTurnBytesMax; }
    // Whether there are more messages than fit it.
    bool is_full() const { return messages_ >= kFullTurn; }
    PollSchedule::Turn outcome() const;

  private:
    std::uint8_t address_ = 0;
    Time latest_{};  // the turn is over then, whatever comes
    Time deadline_{};
    std::size_t bytes_ = 0;
    std::size_t messages_ = 0;
    bool is_asking_ = false;
    bool is_ended_ = true;
};

}  // namespace drivers::serial
